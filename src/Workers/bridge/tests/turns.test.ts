import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Turns } from '../src/turns.ts';
import { UnderWay } from '../src/underway.ts';

const author = 'group/dan';

function gate(): { begun: Promise<void>; begin: () => void } {
  let begin!: () => void;
  return { begun: new Promise(resolve => (begin = resolve)), begin };
}

/** Everything that could happen by itself has happened. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('what one author writes waits for what came before it, and others do not', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const [first, second] = [gate(), gate()];
  void turns.take(author, first.begun).then(() => order.push('first'));
  void turns.take(author, second.begun).then(() => order.push('second'));
  void turns.take(author, gate().begun).then(() => order.push('third'));
  void turns.take('group/ana', gate().begun).then(() => order.push('other'));
  await settled();
  assert.deepEqual(order, ['first', 'other']);
  first.begin();
  await settled();
  assert.deepEqual(order, ['first', 'other', 'second']);
  second.begin();
  await settled();
  assert.deepEqual(order, ['first', 'other', 'second', 'third']);
});

test('nobody waits for ever for a stanza that was given up before it began', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const turns = new Turns();
    await turns.take(author, gate().begun);
    let done = false;
    void turns.take(author, gate().begun).then(() => (done = true));
    await settled();
    assert.equal(done, false);
    mock.timers.tick(10_000);
    await settled();
    assert.equal(done, true);
  } finally {
    mock.timers.reset();
  }
});

test('what came before is settled when the last of it is, whatever comes after', async () => {
  const underWay = new UnderWay();
  const [one, two, later] = [{}, {}, {}];
  underWay.begin(one, 0);
  underWay.begin(two, 0);
  let done = false;
  void underWay.settled().then(() => (done = true));
  underWay.begin(later, 0);
  underWay.end(two);
  await settled();
  assert.equal(done, false);
  underWay.end(one);
  await settled();
  assert.equal(done, true);
  underWay.end(later);
  await underWay.settled();
});

test('one that Baileys gave up without a word is not counted for ever', () => {
  const underWay = new UnderWay();
  const [lost, next] = [{}, {}];
  underWay.begin(lost, 0);
  underWay.begin(next, 1_000);
  assert.equal(underWay.isOne(1_000), false);
  assert.equal(underWay.isOne(30_001), true);
});
