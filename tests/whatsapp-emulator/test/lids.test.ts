import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000501';
const MARIA = '40722000501';

let emulator: TestEmulator;
let client: Client;
let lid: string;

before(async () => {
  emulator = await TestEmulator.start();
  lid = (await emulator.contact(MARIA, { name: 'Maria', addressing: 'lid' })).lid;
  client = await new Client(emulator).pair(ACCOUNT);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

test('a contact that is addressed by LID writes from it, with the number beside it', async () => {
  const message = await client.message((await emulator.send(MARIA, ACCOUNT, 'by LID')).id);
  assert.equal(textOf(message), 'by LID');
  assert.equal(message.key.remoteJid, `${lid}@lid`);
  assert.equal(message.key.remoteJidAlt, jidOf(MARIA));
});

test('an answer to the LID reaches the phone, and so do its receipts come back', async () => {
  const sent = await client.socket.sendMessage(`${lid}@lid`, { text: 'to the LID' });
  const id = sent!.key.id!;
  const [shown] = await emulator.shown(MARIA);
  assert.equal(shown.id, id);
  await client.status(id, 3);
  const receipts = client.seen.filter(each => each.name === 'messages.update').flatMap(each => each.value);
  assert.ok(receipts.every((each: any) => each.key.remoteJid !== jidOf(MARIA)));
});

test('an answer to the number uses the same session', async () => {
  await client.socket.sendMessage(jidOf(MARIA), { text: 'to the number' });
  assert.equal((await emulator.shown(MARIA, 2))[1].text, 'to the number');
  assert.equal(textOf(await client.message((await emulator.send(MARIA, ACCOUNT, 'still here')).id)), 'still here');
});

test('numbers are looked up', async () => {
  const found = await client.socket.onWhatsApp(MARIA, '40799999999');
  assert.deepEqual(found, [{ jid: jidOf(MARIA), exists: true }]);
});

test('nothing went wrong on the way', async () => {
  const { problems, counters } = await emulator.stats();
  assert.deepEqual(problems, []);
  assert.equal(counters.retryRequests ?? 0, 0);
});
