import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000901';
const MARIA = '40722000901';
const DAN = '40722000902';

let emulator: TestEmulator;
let client: Client;
const seeds = mkdtempSync(join(tmpdir(), 'seeds-'));

before(async () => {
  writeFileSync(join(seeds, 'contacts.json'), JSON.stringify([{ pn: MARIA, name: 'Maria', history: ['hello', { text: 'how can we help?', fromMe: true, at: 1_700_000_000_000 }] }]));
  writeFileSync(join(seeds, 'groups.json'), JSON.stringify([{ subject: 'Seeded', members: [MARIA, ACCOUNT] }]));
  emulator = await TestEmulator.start('--seed-data', seeds);
  await emulator.contact(DAN, { name: 'Dan', history: [{ text: 'for somebody else', account: '40711000999' }] });
  client = await new Client(emulator).pair(ACCOUNT);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
  rmSync(seeds, { recursive: true, force: true });
});

test('the first login gets the history of its contacts', async () => {
  const { messages, chats, contacts } = await client.until('messaging-history.set', set => set.messages.length > 0);
  assert.deepEqual(messages.map(textOf), ['how can we help?', 'hello']);
  assert.equal(messages[0]!.key.fromMe, true);
  assert.equal(Number(messages[0]!.messageTimestamp), 1_700_000_000);
  assert.deepEqual(chats.map(each => each.id), [jidOf(MARIA)]);
  assert.equal(contacts[0]!.name, 'Maria');
  const names = await client.until('messaging-history.set', set => set.contacts.some(each => each.notify === 'Maria'));
  assert.ok(names);
});

test('the key of shared settings came first', async () => {
  await client.until('creds.update', update => update.myAppStateKeyId);
  assert.equal(client.auth.ids('app-state-sync-key').length, 1);
});

test('history comes once', async () => {
  await client.end();
  const from = client.seen.length;
  await client.open();
  const { id } = await emulator.send(MARIA, ACCOUNT, 'after the restart');
  await client.message(id, from);
  assert.equal(client.seen.slice(from).some(each => each.name === 'messaging-history.set'), false);
});

test('older messages of a chat are asked for', async () => {
  const { messages } = await client.until('messaging-history.set', each => each.messages.length > 0);
  const newer = messages.find(each => textOf(each) === 'hello')!;
  const from = client.seen.length;
  await client.socket.fetchMessageHistory(10, newer.key, Number(newer.messageTimestamp) * 1000);
  const set = await client.until('messaging-history.set', each => each.syncType === 6, from);
  assert.deepEqual(set.messages.map(textOf), ['how can we help?']);
});

test('a seeded group is there', async () => {
  const groups = await client.socket.groupFetchAllParticipating();
  assert.deepEqual(Object.values(groups).map(each => each.subject), ['Seeded']);
});
