import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import trials from '../../tests/trials.json';
import { Client } from './client.ts';
import type { Clock } from './clock.ts';
import { FakeHub, FakeWire, turn } from './fakeHub.ts';
import type { Place } from './outbox.ts';

/** Ends what a test began: a client that has nobody to come back to asks no more. */
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

test('what the page was drawn with is shown before anything connects, and kept live after it', async () => {
  const { hub, client, wire, account } = chat();
  const message = hub.message(account, null, 'one');
  client.begin(hub.snapshot(), hub.page(message.threadId, null));
  assert.deepEqual(texts(client, message.threadId), ['one']);

  hub.message(account, message.threadId, 'between');
  void client.connect();
  await until(client, () => client.link() === 'on');
  hub.message(account, message.threadId, 'live');
  hub.push();

  assert.deepEqual(texts(client, message.threadId), ['one', 'between', 'live']);
  assert.deepEqual(wire.asked, ['catchUpAll']);
});

test('a missing number is fetched', async () => {
  const { hub, client, account } = await connected();
  const { threadId } = hub.message(account, null, 'one');
  hub.push();
  await client.open(threadId);
  hub.message(account, threadId, 'two');
  hub.push(() => true);
  hub.message(account, threadId, 'three');
  hub.push();

  await until(client, () => texts(client, threadId).length === 3);
  assert.deepEqual(texts(client, threadId), ['one', 'two', 'three']);
});

test('the last frame of a quiet hour was lost: the newest numbers tell, and ask for nothing when all is here', async () => {
  const { hub, client, wire, account } = await connected();
  const { threadId } = hub.message(account, null, 'one');
  hub.push();
  await client.open(threadId);
  hub.sayNumbers();
  await turn();
  assert.equal(wire.asked.includes('catchUp'), false);

  hub.message(account, threadId, 'lost');
  hub.addAccount();
  hub.push(() => true);
  hub.sayNumbers();

  await until(client, () => texts(client, threadId).length === 2 && client.accounts().length === hub.accounts.size);
  assert.deepEqual(texts(client, threadId), ['one', 'lost']);
  assert.equal(client.link(), 'on');
});

test('what came while a gap was being filled is not lost', async () => {
  const { hub, client, wire, account } = await connected();
  const { threadId } = hub.message(account, null, 'one');
  hub.push();
  await client.open(threadId);
  hub.message(account, threadId, 'two');
  hub.push(() => true);
  wire.isHeld = true;
  hub.message(account, threadId, 'three');
  hub.push();
  await turn();
  hub.message(account, threadId, 'four');
  hub.push();
  wire.release();

  await until(client, () => texts(client, threadId).at(-1) === 'four');
  assert.deepEqual(texts(client, threadId), ['one', 'two', 'three', 'four']);
});

test('a change that arrives before the page that was asked for earlier is not undone by it', async () => {
  const { hub, client, wire, account } = await connected();
  const message = hub.message(account, null, 'befor');
  hub.push();
  wire.isHeld = true;
  const opened = client.open(message.threadId);
  await turn();
  hub.change({ ...message, text: 'before', editedAt: 2 });
  hub.push();
  wire.release();
  await opened;

  assert.deepEqual(texts(client, message.threadId), ['before']);
});

test('a change of a message older than what is shown survives the page that was read before it', async () => {
  const { hub, client, wire, account } = await connected();
  const first = hub.message(account, null, '0');
  for (let n = 1; n < 8; n++) hub.message(account, first.threadId, String(n));
  hub.push();
  await client.open(first.threadId);
  assert.deepEqual(texts(client, first.threadId), ['3', '4', '5', '6', '7']);
  wire.isHeld = true;
  const older = client.older(first.threadId);
  await turn();
  hub.change({ ...first, text: 'zero' });
  hub.push();
  assert.equal(texts(client, first.threadId).length, 5);
  wire.release();
  await older;

  assert.deepEqual(texts(client, first.threadId), ['zero', '1', '2', '3', '4', '5', '6', '7']);
  assert.equal(client.messages(first.threadId).hasOlder, false);
});

test('after a cut everything that came meanwhile is here, also when the log no longer reaches back', async () => {
  const { hub, client, wire, account } = await connected();
  const { threadId } = hub.message(account, null, 'one');
  hub.push();
  client.on(`messages:${threadId}`, () => undefined);
  await client.open(threadId);

  for (const prune of [false, true]) {
    wire.isReachable = false;
    wire.cut();
    await until(client, () => client.link() !== 'on');
    for (let n = 0; n < 7; n++) hub.message(account, threadId, `away ${n}`);
    hub.outgoing = [];
    if (prune) hub.prune(account);
    wire.isReachable = true;
    void client.wake();
    await until(client, () => client.link() === 'on' && client.messages(threadId).loaded);
    assert.equal(texts(client, threadId).at(-1), 'away 6');
    assert.deepEqual(client.threads(), hub.snapshot().threads);
  }
});

test('a database that went back in time is shown as it is', async () => {
  const { hub, client, wire, account } = await connected();
  hub.relabel(account, 'newer');
  hub.push();
  hub.seqs.set(account, 0);
  hub.log.set(account, []);
  hub.accounts.set(account, { ...hub.accounts.get(account)!, label: 'older' });
  wire.cut();

  await until(client, () => client.account(account)?.label === 'older');
});

test('an own bubble is there at once, survives a cut and a reload, is sent once and becomes final through the event', async () => {
  const place = memory();
  const { hub, client, wire, account } = await connected(place);
  const { threadId } = hub.message(account, null, 'hello?');
  hub.push();
  await client.open(threadId);
  wire.isReachable = false;
  wire.isHeld = true;
  const token = client.send(threadId, 'hi');
  assert.equal(client.messages(threadId).items.at(-1)?.status, 'queued');
  await turn();
  wire.cut();

  const reloaded = chat(place, hub);
  reloaded.client.begin(hub.snapshot(), null);
  assert.equal(reloaded.client.messages(threadId).items.at(-1)?.clientToken, token);
  void reloaded.client.connect();
  await until(reloaded.client, () => reloaded.client.link() === 'on');
  await reloaded.client.open(threadId);
  hub.push();

  assert.deepEqual(texts(reloaded.client, threadId), ['hello?', 'hi']);
  assert.equal([...hub.messages.values()].filter((message) => message.text === 'hi').length, 1);
  assert.ok(reloaded.client.messages(threadId).items.at(-1)!.id > 0);
  assert.equal(place.getItem('realtimewa.pending'), '[]');
});

test('a refused text stays with its sentence until the person sends it again or takes it back', async () => {
  const { hub, client, account } = await connected();
  const { threadId } = hub.message(account, null, 'one');
  hub.push();
  await client.open(threadId);
  const thread = hub.threads.get(threadId)!;
  hub.threads.delete(threadId);
  const token = client.send(threadId, 'hi');
  await until(client, () => client.messages(threadId).items.at(-1)?.status === 'failed');
  assert.equal(client.messages(threadId).items.at(-1)?.error, 'This conversation is gone.');

  hub.threads.set(threadId, thread);
  client.retry(token);
  await until(client, () => (client.messages(threadId).items.at(-1)?.id ?? 0) > 0);
  assert.equal(client.discard(token), undefined);
});

test('typing is forgotten by itself', async () => {
  const { client, wire, clock } = await connected();
  clock.isStopped = true;
  wire.type({ accountId: 1, threadId: 7, isComposing: true });
  assert.equal(client.typing(7), true);
  clock.pass();
  await turn();
  assert.equal(client.typing(7), false);
});

test('the link says that it is away, for longer, and that the sign-in has ended', async () => {
  const { client, wire, clock, around } = await connected();
  clock.isStopped = true;
  wire.isReachable = false;
  wire.cut();
  await until(client, () => client.link() === 'late');
  for (let n = 0; n < 6; n++) {
    await turn();
    await turn();
    clock.pass();
  }
  await until(client, () => client.link() === 'off');
  around.signedIn = false;
  clock.pass();
  await until(client, () => around.ended);
});

/** Random lives: whatever is lost, repeated, held back or cut, in the end the browser shows what a fresh page would. */
test('live = reload', async () => {
  const rounds = trials['browser-lives'][process.env.REALTIMEWA_TRIALS === 'full' ? 'full' : 'quick'];
  for (let seed = 1; seed <= rounds; seed++) {
    const random = generator(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const { hub, client, wire } = await connected(memory());
    const opened = new Set<number>();
    for (let step = 0; step < 60; step++) {
      const accounts = [...hub.accounts.keys()];
      const threads = [...hub.threads.values()];
      const messages = [...hub.messages.values()];
      const chance = random();
      if (chance < 0.06 || accounts.length === 0) hub.addAccount();
      else if (chance < 0.08) hub.remove(pick(accounts));
      else if (chance < 0.14) hub.session(pick(accounts), { attempt: step });
      else if (chance < 0.18) hub.relabel(pick(accounts), `label ${step}`);
      else if (chance < 0.3) hub.message(pick(accounts), null, `new ${step}`);
      else if (chance < 0.55 && threads.length > 0) {
        const thread = pick(threads);
        hub.message(thread.accountId, thread.id, `text ${step}`, random() < 0.2 ? { at: thread.lastMessageAt - 15 } : {});
      } else if (chance < 0.7 && messages.length > 0) hub.change({ ...pick(messages), text: `edited ${step}` });
      else if (chance < 0.8 && threads.length > 0) {
        const { id } = pick(threads);
        opened.add(id);
        client.on(`messages:${id}`, () => undefined);
        void client.open(id);
      } else if (chance < 0.85 && opened.size > 0) void client.older(pick([...opened]));
      else if (chance < 0.855 && threads.length > 1) {
        const into = pick(threads);
        const gone = threads.find((thread) => thread.accountId === into.accountId && thread.id !== into.id);
        if (gone) hub.merge(gone, into);
      } else if (chance < 0.87) hub.prune(pick(accounts));
      else if (chance < 0.9) wire.cut();
      else if (chance < 0.93) wire.isHeld = true;
      else if (chance < 0.97) wire.release();
      if (random() < 0.7) {
        const frame = [...hub.outgoing];
        hub.push(() => random() < 0.1);
        if (random() < 0.2) wire.hand(frame);
      }
      if (random() < 0.5) await turn();
    }
    wire.release();
    wire.isReachable = true;
    // One more number for everyone shows every gap that is still open.
    for (const id of hub.accounts.keys()) hub.relabel(id, `last ${id}`);
    hub.addAccount();
    hub.push();
    await until(client, () => client.link() === 'on');
    await client.wake();
    await settled(client, hub, opened, seed);
  }
});

async function settled(client: Client, hub: FakeHub, opened: ReadonlySet<number>, seed: number): Promise<void> {
  const fresh = chat(memory(), hub).client;
  fresh.begin(hub.snapshot(), null);
  for (let n = 0; ; n++) {
    try {
      assert.equal(client.link(), 'on');
      assert.deepEqual(client.accounts().map(unnumbered), fresh.accounts().map(unnumbered));
      assert.deepEqual(client.threads(), fresh.threads());
      for (const id of opened) {
        // Opened before its account was known here: it was no thread yet.
        if (!client.messages(id).loaded) await client.open(id);
        const shown = client.messages(id).items;
        const all = [...hub.messages.values()].filter((message) => message.threadId === id).sort((a, b) => a.at - b.at || a.id - b.id);
        assert.equal(client.messages(id).loaded, hub.threads.has(id));
        assert.deepEqual(shown, all.slice(all.length - shown.length));
        if (client.messages(id).loaded && !client.messages(id).hasOlder) assert.equal(shown.length, all.length);
      }
      return;
    } catch (error) {
      if (n === 200) throw new Error(`Seed ${seed}: ${(error as Error).message}`, { cause: error });
      await turn();
    }
  }
}

/** The number of a view says as of when it was read, not what it is. */
function unnumbered<T extends { seq: number }>({ seq: _, ...rest }: T): Omit<T, 'seq'> {
  return rest;
}

function chat(place: Place = memory(), hub = new FakeHub()) {
  const account = hub.accounts.size === 0 ? hub.addAccount().id : [...hub.accounts.keys()][0]!;
  const wire = new FakeWire(hub);
  const clock = new FakeClock();
  const around = { signedIn: true, ended: false };
  let tokens = 0;
  const client = new Client({ wire, clock, place, frame: () => clock.wait(0), isSignedIn: async () => around.signedIn, token: () => `token-${++tokens}` });
  hub.outgoing = [];
  ends.push(() => {
    around.signedIn = wire.isReachable = clock.isStopped = false;
    wire.cut();
    clock.pass();
  });
  return { hub, wire, clock, client, account, around };
}

async function connected(place: Place = memory()) {
  const all = chat(place);
  all.client.begin(all.hub.snapshot(), null);
  void all.client.connect().then(() => (all.around.ended = true));
  await until(all.client, () => all.client.link() === 'on');
  return all;
}

function texts(client: Client, threadId: number): (string | null)[] {
  return client.messages(threadId).items.map((message) => message.text);
}

async function until(client: Client, condition: () => boolean): Promise<void> {
  for (let n = 0; n < 500; n++) {
    if (condition()) return;
    await turn();
  }
  assert.fail(`It did not become so; the link is ${client.link()}.`);
}

function memory(): Place {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

/** A wait is over after a turn, or, when `isStopped`, when the test says so. */
class FakeClock implements Clock {
  isStopped = false;
  #now = 1_000_000;
  readonly #waiting = new Set<() => void>();

  now(): number {
    return this.#now;
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        resolve();
      };
      if (signal?.aborted) return done();
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
      if (this.isStopped) return;
      void turn().then(() => {
        this.#now += milliseconds;
        done();
      });
    });
  }

  pass(): void {
    this.#now += 10_000;
    for (const done of [...this.#waiting]) done();
  }
}

/** A small seeded generator (mulberry32): the same seed, the same life. */
function generator(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
