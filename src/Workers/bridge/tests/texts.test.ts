import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const shop = '40711000001';
const ana = '40722000001';
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana, { name: 'Ana' });
  await worker.open();
  await emulator.link(worker, 1, shop);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

test('a text becomes an event after its commit, and the receipt leaves after that', async () => {
  let committed = 0;
  worker.before = frame => {
    if (frame.ev === 'commit' && frame.body.inbound?.kind === 'message')
      committed = Date.now();
    return undefined;
  };
  const { id } = await emulator.writes(ana, shop, 'are you there?');
  const event = await worker.event(1, one => one.type === 'message' && one.id === id);
  assert.equal(event.text, 'are you there?');
  assert.equal(event.kind, 'text');
  assert.equal(event.fromMe, false);
  assert.equal(event.chat.pn, ana);
  assert.equal(event.sender.name, 'Ana');
  assert.ok(committed > 0);
  const [receipt] = await emulator.receipts(ana, 1, `&id=${id}`);
  assert.ok(receipt, 'the phone has its receipt');
});

test('a send reaches the phone, is acknowledged, and was committed with its protobuf before', async () => {
  const messageId = '3EB0AAAAAAAAAAAAAAAA01';
  await worker.ask('send', 1, { messageId, chat: `${ana}@s.whatsapp.net`, content: { text: 'yes, we are' } });
  const ack = await worker.until(() => worker.frames.find(frame => frame.ev === 'ack' && frame.body.messageId === messageId), 'an ack');
  assert.equal(ack.body.error, undefined);
  const shown = await emulator.shown(ana, 1);
  assert.equal(shown.at(-1).text, 'yes, we are');
  assert.ok(worker.stored(1).sent.has(messageId));
  const receipt = await worker.event(1, one => one.type === 'receipt' && one.ids.includes(messageId) && !one.fromMe, 'a delivery receipt');
  assert.equal(receipt.status, 'delivered');
});
