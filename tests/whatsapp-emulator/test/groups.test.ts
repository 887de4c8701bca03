import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000701';
const ION = '40711000702';
const MARIA = '40722000701';
const DAN = '40722000702';

let emulator: TestEmulator;
let client: Client;
let ion: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA, { name: 'Maria' });
  await emulator.contact(DAN, { name: 'Dan' });
  client = await new Client(emulator).pair(ACCOUNT);
  ion = await new Client(emulator).pair(ION, 'Ion');
});

after(async () => {
  await client?.end();
  await ion?.end();
  await emulator?.stop();
});

for (const addressing of ['lid', 'pn'] as const) {
  test(`a group that is addressed by ${addressing}: texts with sender keys in every direction`, async () => {
    const { jid } = await emulator.post('/api/groups', { subject: 'Family', members: [MARIA, DAN, ACCOUNT, ION], addressing });

    const first = await emulator.send(MARIA, jid, 'dinner at eight');
    const second = await emulator.send(MARIA, jid, 'or nine');
    for (const each of [client, ion]) {
      const message = await each.message(first.id);
      assert.equal(textOf(message), 'dinner at eight');
      assert.equal(message.key.remoteJid, jid);
      assert.equal(addressing === 'pn' ? message.key.participant : message.key.participantAlt, jidOf(MARIA));
      assert.equal(textOf(await each.message(second.id)), 'or nine');
    }
    assert.deepEqual((await emulator.shown(DAN)).filter(each => each.chat === jid).map(each => each.text), ['dinner at eight', 'or nine']);

    const metadata = await client.socket.groupMetadata(jid);
    assert.equal(metadata.subject, 'Family');
    assert.equal(metadata.participants.length, 4);
    assert.equal(metadata.addressingMode, addressing);

    const ids: string[] = [];
    for (const text of ['nine is fine', 'with cake', 'and coffee']) ids.push((await client.socket.sendMessage(jid, { text }))!.key.id!);
    assert.equal(textOf(await ion.message(ids[2]!)), 'and coffee');
    for (const pn of [MARIA, DAN]) {
      const list = await emulator.shown(pn, 3, ACCOUNT);
      assert.deepEqual(list.filter(each => each.chat === jid).map(each => each.text), ['nine is fine', 'with cake', 'and coffee']);
    }
    const receipt = await client.until('message-receipt.update', list => list.some(each => each.key.id === ids[2]));
    assert.equal(receipt[0]!.key.remoteJid, jid);
  });
}

test('receipts of a group reach the phone that wrote', async () => {
  const sent = await emulator.get(`/api/contacts/${MARIA}/receipts?min=4&wait=60000`);
  assert.ok(sent.every((each: any) => each.chat.endsWith('@g.us')));
});

test('a group message that is corrupt is asked for again', async () => {
  const { jid } = await emulator.post('/api/groups', { subject: 'Noise', members: [MARIA, ACCOUNT] });
  await emulator.patch(`/api/contacts/${MARIA}`, { corruptNextSends: 1 });
  const { id } = await emulator.send(MARIA, jid, 'through the noise');
  assert.equal(textOf(await client.message(id)), 'through the noise');
  const next = await emulator.send(MARIA, jid, 'and on');
  assert.equal(textOf(await client.message(next.id)), 'and on');
});

test('a contact that can not read a group message asks again', async () => {
  const { jid } = await emulator.post('/api/groups', { subject: 'Again', members: [DAN, ACCOUNT] });
  await emulator.patch(`/api/contacts/${DAN}`, { failNextDecrypts: 1 });
  const known = (await emulator.shown(DAN)).length;
  const id = (await client.socket.sendMessage(jid, { text: 'once more' }))!.key.id!;
  const list = await emulator.shown(DAN, known + 1);
  assert.deepEqual(list.filter(each => each.id === id).map(each => each.text), ['once more']);
});

test('the account makes and changes a group', async () => {
  const group = await client.socket.groupCreate('Plans', [jidOf(MARIA), jidOf(ION)]);
  assert.equal(group.subject, 'Plans');
  const [added] = await ion.until('groups.upsert', groups => groups.some(each => each.id === group.id));
  assert.equal(added!.subject, 'Plans');
  await client.socket.groupUpdateSubject(group.id, 'Better plans');
  await ion.until('groups.update', groups => groups.some(each => each.id === group.id && each.subject === 'Better plans'));
  await client.socket.groupParticipantsUpdate(group.id, [jidOf(DAN)], 'add');
  const all = await client.socket.groupFetchAllParticipating();
  assert.equal(all[group.id]?.participants.length, 4);
  await client.socket.groupLeave(group.id);
  await assert.rejects(client.socket.groupMetadata(group.id));
});

test('typing in a group names who types', async () => {
  const { jid } = await emulator.post('/api/groups', { subject: 'Typing', members: [MARIA, ACCOUNT], addressing: 'pn' });
  await emulator.post(`/api/contacts/${MARIA}/chatstate`, { to: jid, state: 'composing' });
  const update = await client.until('presence.update', each => each.id === jid);
  assert.equal(update.presences[jidOf(MARIA)]?.lastKnownPresence, 'composing');
});

test('nothing went wrong on the way', async () => {
  assert.deepEqual((await emulator.stats()).problems, []);
});
