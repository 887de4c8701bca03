import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, deepMs, lightMs, Poll, youngMs, type DeepHealthView, type HealthView, type Heard } from './poll.ts';

const settled = 3600;
const health = (connected: number, uptime = settled, status: HealthView['status'] = 'ok'): HealthView => ({ status, uptime, sessions: { total: 2, connected } });

/** A server, a person who looks or not, and a clock that goes on when the poll waits. */
class World {
  hidden = false;
  answers: (() => HealthView)[] = [];
  deepAnswer: DeepHealthView | null = null;
  pushed: ReadonlyMap<string, boolean> | null = new Map([['a', true], ['b', true]]);
  readonly waits: number[] = [];
  readonly heard: Heard[] = [];
  asked = 0;
  askedDeep = 0;
  caughtUp = 0;
  readonly doubted: string[][] = [];
  #now = 0;

  /** Polls until it has waited so many times. */
  async polls(times: number): Promise<void> {
    const end = new AbortController();
    const poll = new Poll({
      clock: {
        now: () => this.#now,
        wait: async (milliseconds) => {
          this.waits.push(milliseconds);
          this.#now += milliseconds;
          if (this.waits.length === times) end.abort();
        },
      },
      isHidden: () => this.hidden,
      light: async () => {
        this.asked++;
        return (this.answers.shift() ?? (() => health(2)))();
      },
      deep: async () => {
        this.askedDeep++;
        return this.deepAnswer;
      },
      pushed: () => this.pushed,
      catchUp: () => this.caughtUp++,
      heard: (heard) => this.heard.push(heard),
      doubted: (instances) => this.doubted.push([...instances]),
    });
    await poll.run(end.signal);
  }
}

const gone = (): HealthView => {
  throw new Error('unreachable');
};

test('every 30 s, and number by number every 5 minutes', async () => {
  const world = new World();
  await world.polls(deepMs / lightMs + 1);
  assert.deepEqual(new Set(world.waits), new Set([lightMs]));
  assert.equal(world.askedDeep, 1);
  assert.equal(world.caughtUp, 0);
});

test('a server that has just started is asked every 5 s until it has settled', async () => {
  const world = new World();
  world.answers = [() => health(2, 3), () => health(2, 58), () => health(2, 61)];
  await world.polls(3);
  assert.deepEqual(world.waits, [youngMs, youngMs, lightMs]);
});

test('a server that does not answer is asked after 5, 10, 30 and again 30 s', async () => {
  const world = new World();
  world.answers = [gone, gone, gone, gone];
  await world.polls(5);
  assert.deepEqual(world.waits, [...backoff, backoff.at(-1), lightMs]);
  assert.deepEqual(world.heard, ['unreachable', 'unreachable', 'unreachable', 'unreachable', 'well']);
});

test('a database that does not answer is told apart', async () => {
  const world = new World();
  world.answers = [() => health(0, settled, 'error')];
  await world.polls(1);
  assert.deepEqual(world.heard, ['broken']);
  assert.equal(world.caughtUp, 0);
});

test('what differs from the pushes is fetched', async () => {
  const world = new World();
  world.answers = [() => health(1)];
  await world.polls(2);
  assert.equal(world.caughtUp, 1);
});

test('two numbers that changed places are found by asking for each', async () => {
  const world = new World();
  world.pushed = new Map([['a', true], ['b', false]]);
  world.answers = Array.from({ length: 20 }, () => () => health(1));
  world.deepAnswer = { sessions: [{ sessionId: 'a', connectionStatus: 'disconnected' }, { sessionId: 'b', connectionStatus: 'connected' }] };
  await world.polls(deepMs / lightMs + 1);
  assert.equal(world.caughtUp, 1);
});

test('a number that the pushes call connected is doubted when the server, asked again, says otherwise, and believed when it says so again', async () => {
  const world = new World();
  world.answers = [() => health(1), () => health(1)];
  world.deepAnswer = { sessions: [{ sessionId: 'a', connectionStatus: 'connected' }, { sessionId: 'b', connectionStatus: 'disconnected' }] };
  await world.polls(3);
  assert.deepEqual(world.waits, [youngMs, youngMs, lightMs]);
  assert.deepEqual(world.doubted, [['b'], []]);
});

test('nothing is compared while the pushes themselves are away', async () => {
  const world = new World();
  world.pushed = null;
  world.answers = [() => health(0)];
  await world.polls(1);
  assert.equal(world.caughtUp, 0);
});

test('nobody looks: nothing is asked', async () => {
  const world = new World();
  world.hidden = true;
  await world.polls(3);
  assert.equal(world.asked, 0);
});
