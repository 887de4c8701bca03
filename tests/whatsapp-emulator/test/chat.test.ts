import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000601';
const MARIA = '40722000601';

let emulator: TestEmulator;
let client: Client;
let theirs: string;
let ours: string;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA, { name: 'Maria' });
  client = await new Client(emulator).pair(ACCOUNT);
  theirs = (await emulator.send(MARIA, ACCOUNT, 'hello')).id;
  await client.message(theirs);
  ours = (await client.socket.sendMessage(jidOf(MARIA), { text: 'good morning' }))!.key.id!;
  await emulator.shown(MARIA);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

const entry = async (id: string) => (await emulator.shown(MARIA)).find(each => each.id === id);

test('a contact reacts, and takes the reaction back', async () => {
  for (const emoji of ['👍', '']) {
    const from = client.seen.length;
    await emulator.send(MARIA, ACCOUNT, { reaction: { id: ours, emoji } });
    const [{ reaction, key }] = (await client.until('messages.reaction', () => true, from)) as any;
    assert.equal(reaction.text, emoji);
    assert.equal(key.id, ours);
    assert.equal(key.fromMe, true);
  }
});

test('the account reacts', async () => {
  const known = (await emulator.shown(MARIA)).length;
  await client.socket.sendMessage(jidOf(MARIA), { react: { text: '❤️', key: { remoteJid: jidOf(MARIA), fromMe: false, id: theirs } } });
  const list = await emulator.shown(MARIA, known + 1);
  assert.deepEqual([list.at(-1).kind, list.at(-1).target, list.at(-1).emoji], ['reaction', theirs, '❤️']);
});

test('a contact edits and revokes', async () => {
  await emulator.send(MARIA, ACCOUNT, { edit: { id: theirs, text: 'hello, you' } });
  const [edited] = await client.until('messages.update', updates => updates.some(each => each.key.id === theirs && each.update.message));
  const { message } = (edited!.update.message as any).editedMessage;
  assert.equal(message.conversation, 'hello, you');
  await emulator.send(MARIA, ACCOUNT, { revoke: { id: theirs } });
  await client.until('messages.update', updates => updates.some(each => each.key.id === theirs && each.update.message === null));
});

test('the account edits and revokes', async () => {
  const key = { remoteJid: jidOf(MARIA), fromMe: true, id: ours };
  let known = (await emulator.shown(MARIA)).length;
  await client.socket.sendMessage(jidOf(MARIA), { text: 'good evening', edit: key });
  await emulator.shown(MARIA, ++known);
  assert.deepEqual([(await entry(ours)).text, (await entry(ours)).edited], ['good evening', true]);
  await client.socket.sendMessage(jidOf(MARIA), { delete: key });
  await emulator.shown(MARIA, ++known);
  assert.equal((await entry(ours)).revoked, true);
});

test('quotes go both ways', async () => {
  const { id } = await emulator.send(MARIA, ACCOUNT, { text: 'this one?', quoted: ours });
  const message = await client.message(id);
  assert.equal(message.message?.extendedTextMessage?.contextInfo?.stanzaId, ours);
  const known = (await emulator.shown(MARIA)).length;
  await client.socket.sendMessage(jidOf(MARIA), { text: 'yes' }, { quoted: message });
  assert.equal((await emulator.shown(MARIA, known + 1)).at(-1).quotedId, id);
});

test('a contact types, records and stops', async () => {
  for (const [state, shown] of [['composing', 'composing'], ['recording', 'recording'], ['paused', 'available']] as const) {
    const from = client.seen.length;
    await emulator.post(`/api/contacts/${MARIA}/chatstate`, { to: ACCOUNT, state });
    const update = await client.until('presence.update', () => true, from);
    assert.equal(update.presences[jidOf(MARIA)]?.lastKnownPresence, shown);
  }
});

test('the account types', async () => {
  await client.socket.sendPresenceUpdate('composing', jidOf(MARIA));
  await client.socket.sendPresenceUpdate('paused', jidOf(MARIA));
  const states = await emulator.get(`/api/contacts/${MARIA}/chatstates?min=2&wait=60000`);
  assert.deepEqual(states.map((each: any) => [each.from, each.state]), [[ACCOUNT, 'composing'], [ACCOUNT, 'paused']]);
});

test('presence of a contact reaches the account', async () => {
  await client.socket.presenceSubscribe(jidOf(MARIA));
  await client.until('presence.update', update => update.presences[jidOf(MARIA)]?.lastKnownPresence === 'available');
  await emulator.post(`/api/contacts/${MARIA}/presence`, { to: ACCOUNT, type: 'unavailable' });
  await client.until('presence.update', update => update.presences[jidOf(MARIA)]?.lastKnownPresence === 'unavailable');
});

test('the account reads', async () => {
  const { id } = await emulator.send(MARIA, ACCOUNT, 'read this');
  const message = await client.message(id);
  await client.socket.readMessages([message.key]);
  const [read] = await emulator.get(`/api/contacts/${MARIA}/receipts?id=${id}&type=read&min=1&wait=60000`);
  assert.equal(read.from, ACCOUNT);
});

test('a contact reads later, and says so', async () => {
  const id = (await client.socket.sendMessage(jidOf(MARIA), { text: 'when you have time' }))!.key.id!;
  await client.status(id, 3);
  await emulator.post(`/api/contacts/${MARIA}/receipts`, { to: ACCOUNT, ids: [id], type: 'read' });
  await client.status(id, 4);
});

test('a contact without delivery receipts leaves one tick', async () => {
  await emulator.patch(`/api/contacts/${MARIA}`, { deliveryReceipts: false });
  const known = (await emulator.shown(MARIA)).length;
  const id = (await client.socket.sendMessage(jidOf(MARIA), { text: 'no ticks' }))!.key.id!;
  await emulator.shown(MARIA, known + 1);
  await emulator.patch(`/api/contacts/${MARIA}`, { deliveryReceipts: true });
  const next = (await client.socket.sendMessage(jidOf(MARIA), { text: 'ticks' }))!.key.id!;
  await client.status(next, 3);
  assert.equal(client.seen.some(each => each.name === 'messages.update' && each.value.some((u: any) => u.key.id === id && u.update.status === 3)), false);
});

test('settings that devices share are kept and handed to the next device', async () => {
  await client.socket.chatModify({ mute: 8 * 3600_000 }, jidOf(MARIA));
  const { counters, problems } = await emulator.stats();
  assert.ok(counters['iq:w:sync:app:state'] > 0);
  assert.deepEqual(problems, []);
});
