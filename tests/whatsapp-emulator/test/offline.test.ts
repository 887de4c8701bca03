import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { getBinaryNodeChild, type BinaryNode } from 'baileys';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000002';
const MARIA = '40722000002';

let emulator: TestEmulator;
let client: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA, { name: 'Maria' });
  client = await new Client(emulator).pair(ACCOUNT);
  await client.message((await emulator.send(MARIA, ACCOUNT, 'first')).id);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

test('what was written while the account was away comes when it is back', async () => {
  await client.end();
  assert.equal((await emulator.get(`/api/accounts/${ACCOUNT}?until=gone&wait=60000`)).reached, true);
  const { ids } = await emulator.post(`/api/contacts/${MARIA}/burst`, { to: ACCOUNT, count: 15, text: 'away {n}' });
  assert.equal((await emulator.stats()).devices[0].unacked, 15);
  const from = client.seen.length;
  client.connect();
  const counted = once(client.socket.ws, 'CB:ib,,offline');
  await client.until('connection.update', update => update.connection === 'open', from);
  const [told] = (await counted) as [BinaryNode];
  assert.equal(getBinaryNodeChild(told, 'offline')?.attrs['count'], '15');
  await client.message(ids.at(-1), from);
  const texts = client.messages().filter(each => ids.includes(each.key.id)).map(textOf);
  assert.deepEqual(texts, Array.from({ length: 15 }, (_, at) => `away ${at + 1}`));
  await client.until('connection.update', update => update.receivedPendingNotifications === true, from);
  const { reached } = await emulator.get(`/api/accounts/${ACCOUNT}?until=settled&wait=60000`);
  assert.equal(reached, true);
  assert.equal((await emulator.stats()).devices[0].unacked, 0);
});

test('a message whose receipt was lost with the connection is written again', async () => {
  const before = await emulator.stats();
  await emulator.post(`/api/accounts/${ACCOUNT}/faults`, { cutOnReceipts: 1 });
  const from = client.seen.length;
  const { id } = await emulator.send(MARIA, ACCOUNT, 'keep me');
  await client.message(id, from);
  assert.equal(await client.closed(from), 428);
  assert.equal((await emulator.stats()).devices[0].unacked, 1);
  await client.open();
  await emulator.get(`/api/accounts/${ACCOUNT}?until=settled&wait=60000`);
  const { stanzas } = await emulator.get(`/api/stats?stanzas=1&class=message&id=${id}`);
  assert.deepEqual(stanzas.map((each: any) => each.deliveries), [2]);
  assert.notEqual(stanzas[0].state, 'sent');
  const after = await emulator.stats();
  assert.equal(after.counters.redeliveries - (before.counters.redeliveries ?? 0), 1);
});

test('receipts that were not acknowledged are written again', async () => {
  await emulator.patch(`/api/contacts/${MARIA}`, { online: false });
  const sent = await client.socket.sendMessage(jidOf(MARIA), { text: 'sleep well' });
  await client.until('ack', node => node.attrs.id === sent!.key.id);
  await client.end();
  await emulator.patch(`/api/contacts/${MARIA}`, { online: true });
  assert.equal((await emulator.shown(MARIA))[0].text, 'sleep well');
  const from = client.seen.length;
  await client.open();
  await client.status(sent!.key.id!, 3, from);
});

test('the own phone confirms what was sent in its name when it is on', async () => {
  await emulator.patch(`/api/contacts/${ACCOUNT}`, { online: false });
  const confirmed: string[] = [];
  client.socket.ws.on('CB:receipt,type:sender', (receipt: BinaryNode) => confirmed.push(receipt.attrs['id']!));
  const sent = await client.socket.sendMessage(jidOf(MARIA), { text: 'is the phone on?' });
  await client.status(sent!.key.id!, 3);
  assert.deepEqual(confirmed, []);
  const heard = once(client.socket.ws, 'CB:receipt,type:sender');
  await emulator.patch(`/api/contacts/${ACCOUNT}`, { online: true });
  await heard;
  assert.deepEqual(confirmed, [sent!.key.id]);
});
