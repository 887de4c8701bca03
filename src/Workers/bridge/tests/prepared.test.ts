import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brings, openShop } from './shop.ts';

const patienceMs = 250;
const shop = openShop('40711000031', 40722000031);
const { worker } = shop;

for (const [who, find] of [['a contact', () => shop.known()], ['somebody whom nobody wrote to before', () => shop.stranger()]] as const) {
  test(`what was prepared for ${who} and never sent is nowhere, and the session goes on without it`, () => shop.quietly(async () => {
    const ana = await find();
    await worker.ask('prepare', 1, ana.message('NEVER'));
    await ana.goesOn();
    assert.deepEqual(shop.commitsOf('NEVER'), []);
  }));

  test(`what was prepared for ${who} and sent arrives once, from one commit`, () => shop.quietly(async () => {
    const ana = await find();
    const id = `${ana.pn}ONCE`;
    const errors = worker.errors.length;
    await Promise.all([worker.ask('prepare', 1, ana.message(id)), ana.hears(id)]);
    assert.equal(shop.commitsOf(id).length, 1);
    assert.deepEqual(worker.errors.slice(errors), [], 'it went on, and was not dropped and begun anew');
    await ana.goesOn();
  }));

  test(`another message to ${who} drops the prepared one, which arrives when it is sent itself`, () => shop.quietly(async () => {
    const ana = await find();
    const [first, other] = [`${ana.pn}A`, `${ana.pn}B`];
    await worker.ask('prepare', 1, ana.message(first));
    await ana.hears(other);
    assert.deepEqual(shop.commitsOf(first), []);
    await ana.hears(first);
    assert.equal(shop.commitsOf(first).length, 1);
    await ana.goesOn();
  }));
}

test('what was prepared for a group and never sent is nowhere, and comes when it is sent', () => shop.quietly(async () => {
  const [ana, dan] = [await shop.stranger(), await shop.stranger()];
  const { jid } = await shop.emulator.call('POST', '/api/groups', { subject: 'Neighbours', members: [ana.pn, dan.pn, shop.pn] });
  const message = (id: string): object => ({ messageId: id, chat: jid, content: { text: `text of ${id}` } });
  await worker.ask('prepare', 1, message('GROUP'));
  await worker.ask('send', 1, message('OTHER'));
  for (const { phone } of [ana, dan])
    assert.deepEqual((await phone).map(one => one.id), ['OTHER']);
  assert.deepEqual(shop.commitsOf('GROUP'), []);
  await worker.ask('prepare', 1, message('GROUP'));
  await worker.ask('send', 1, message('GROUP'));
  for (const { pn } of [ana, dan])
    assert.deepEqual((await shop.emulator.shown(pn, 2)).map(one => one.id), ['OTHER', 'GROUP']);
}));

test('a message that comes in while a prepared one waits is received when that was sent or dropped', () => shop.quietly(async () => {
  const ana = await shop.known();
  let sentAt = Infinity;
  let receivedAt = Infinity;
  worker.before = frame => {
    if (brings(frame, 'WAITS'))
      sentAt = performance.now();
    if (frame.ev === 'commit' && frame.body.inbound?.kind === 'message')
      receivedAt = performance.now();
    return undefined;
  };
  const preparedAt = performance.now();
  await worker.ask('prepare', 1, ana.message('WAITS'));
  const { id } = await shop.emulator.writes(ana.pn, shop.pn, 'meanwhile');
  await worker.ask('probe', 1); // Answered by the server after what it wrote before.
  await ana.hears('WAITS');
  await ana.wasHeard(id);
  // A machine that took longer for these lines has seen it dropped.
  assert.ok(receivedAt > sentAt || receivedAt - preparedAt >= patienceMs, `received ${receivedAt - preparedAt} ms after it was prepared, sent after ${sentAt - preparedAt} ms`);
  await ana.goesOn();
}));

for (const [what, answer] of [
  ['is refused', async () => ({ err: { code: 'refused', message: 'The disk is full.' } })],
  ['finds the bridge killed', async () => { await worker.kill(); return 'silence' as const; }],
] as const)
  test(`the first prepared message of a connection whose commit ${what} has not left, and arrives once when it is sent again`, () => shop.quietly(async () => {
    const ana = await shop.known();
    await shop.goOn();
    const id = `${ana.pn}AGAIN`;
    const before = await ana.phone;
    const seen = worker.states.length;
    worker.before = async frame => brings(frame, id) ? await answer() : undefined;
    await worker.ask('prepare', 1, ana.message(id));
    await assert.rejects(worker.ask('send', 1, ana.message(id)));
    if (what === 'is refused')
      assert.equal((await worker.state('close', 1, seen)).code, 428);
    assert.deepEqual(await ana.phone, before);
    worker.before = () => undefined;
    await shop.goOn();
    await ana.hears(id);
    await ana.goesOn();
  }));

test('a connection that ends takes what was prepared along', () => shop.quietly(async () => {
  const ana = await shop.known();
  await worker.ask('prepare', 1, ana.message('NEVER'));
  await shop.goOn();
  await ana.goesOn();
  assert.deepEqual(shop.commitsOf('NEVER'), []);
}));
