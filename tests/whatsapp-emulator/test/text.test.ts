import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000001';
const MARIA = '40722000001';

let emulator: TestEmulator;
let client: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA, { name: 'Maria' });
  client = await new Client(emulator).pair(ACCOUNT, 'Shop');
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

test('pairing gives the account its number, LID and name', () => {
  assert.equal(client.auth.creds.me?.id, `${ACCOUNT}:1@s.whatsapp.net`);
  assert.match(client.auth.creds.me?.lid ?? '', /^2\d{14}:1@lid$/);
  assert.equal(client.auth.creds.me?.name, 'Shop');
});

test('a text of a contact reaches the account and is settled by its receipt', async () => {
  const { id } = await emulator.send(MARIA, ACCOUNT, 'are you there?');
  const message = await client.message(id);
  assert.equal(textOf(message), 'are you there?');
  assert.equal(message.key.remoteJid, jidOf(MARIA));
  assert.equal(message.pushName, 'Maria');
  const [receipt] = await emulator.get(`/api/contacts/${MARIA}/receipts?min=1&wait=60000`);
  assert.equal(receipt.id, id);
  const { devices } = await emulator.stats();
  assert.equal(devices[0].unacked, 0);
});

test('a text of the account reaches the contact, whose receipts come back', async () => {
  await emulator.patch(`/api/contacts/${MARIA}`, { readReceipts: true });
  const sent = await client.socket.sendMessage(jidOf(MARIA), { text: 'yes, we are' });
  const id = sent!.key.id!;
  await client.until('ack', node => node.attrs.id === id);
  const [shown] = await emulator.shown(MARIA);
  assert.equal(shown.id, id);
  assert.equal(shown.text, 'yes, we are');
  assert.equal(shown.duplicates, 0);
  await client.status(id, 3);
  await client.status(id, 4);
});

test('many texts go both ways in order', async () => {
  const from = client.seen.length;
  const { ids } = await emulator.post(`/api/contacts/${MARIA}/burst`, { to: ACCOUNT, count: 60, text: 'no {n}' });
  await client.message(ids.at(-1), from);
  const texts = client.messages().filter(each => ids.includes(each.key.id)).map(textOf);
  assert.deepEqual(texts, Array.from({ length: 60 }, (_, at) => `no ${at + 1}`));
  for (let n = 0; n < 20; n += 1) await client.socket.sendMessage(jidOf(MARIA), { text: `answer ${n}` });
  const shown = await emulator.shown(MARIA, 21);
  assert.deepEqual(shown.slice(1).map(each => each.text), Array.from({ length: 20 }, (_, n) => `answer ${n}`));
});

test('nothing went wrong on the way', async () => {
  const { problems, counters } = await emulator.stats();
  assert.deepEqual(problems, []);
  assert.equal(counters.nacks ?? 0, 0);
  assert.equal(counters.retryRequests ?? 0, 0);
});
