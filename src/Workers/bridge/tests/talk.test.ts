import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const shop = '40711000007';
const ana = '40722000007';
const dan = '40722000017';
let emulator: Emulator;
let lid = '';
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  lid = (await emulator.contact(ana, { name: 'Ana', addressing: 'lid' })).lid;
  await emulator.contact(dan, { name: 'Dan' });
  await worker.open();
  await emulator.link(worker, 1, shop);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

const event = (matches: (one: any) => boolean, what: string) => worker.event(1, matches, what);

test('a contact who is addressed by lid is the same person', async () => {
  const { id } = await emulator.writes(ana, shop, 'hello');
  const message = await event(one => one.type === 'message' && one.id === id, 'the message');
  assert.match(message.chat.jid, /@lid$/);
  assert.equal(message.chat.pn, ana);
  assert.equal(message.chat.lid, message.chat.jid);
  assert.ok(message.chat.lid.startsWith(lid.split('@')[0]!));
  await worker.ask('send', 1, { messageId: '3EB0A1', chat: message.chat.jid, content: { text: 'by lid' } });
  assert.equal((await emulator.shown(ana, 1)).at(-1).text, 'by lid');
  const receipt = await event(one => one.type === 'receipt' && one.ids.includes('3EB0A1') && !one.fromMe, 'the receipt');
  assert.equal(receipt.chat.pn, ana);
});

test('reactions, edits and revokes', async () => {
  const { id } = await emulator.writes(ana, shop, 'first');
  await emulator.writes(ana, shop, { edit: { id, text: 'corrected' } });
  const edit = await event(one => one.type === 'edit' && one.id === id, 'the edit');
  assert.equal(edit.text, 'corrected');
  await emulator.writes(ana, shop, { reaction: { id, emoji: '👍' } });
  assert.equal((await event(one => one.type === 'reaction' && one.id === id, 'the reaction')).emoji, '👍');
  await emulator.writes(ana, shop, { revoke: { id } });
  assert.equal((await event(one => one.type === 'revoke' && one.id === id, 'the revoke')).sender.pn, ana);
});

test('what was read is told to the phone, and by it', async () => {
  const { id } = await emulator.writes(dan, shop, 'read me');
  const { chat } = await event(one => one.type === 'message' && one.id === id, 'the message');
  await worker.ask('read', 1, { messages: [{ chat: chat.jid, id }] });
  const receipts = await emulator.receipts(dan, 1, `&id=${id}&type=read`);
  assert.equal(receipts.length, 1);
  await worker.ask('send', 1, { messageId: '3EB0A2', chat: chat.jid, content: { text: 'read this' } });
  await emulator.shown(dan, 1);
  await emulator.call('POST', `/api/contacts/${dan}/receipts`, { to: shop, ids: ['3EB0A2'], type: 'read' });
  const read = await event(one => one.type === 'receipt' && one.status === 'read' && one.ids.includes('3EB0A2'), 'the read receipt');
  assert.equal(read.fromMe, false);
  assert.equal(read.chat.pn, dan);
});

test('somebody types', async () => {
  await worker.ask('presence', 1, { available: true });
  await emulator.call('POST', `/api/contacts/${dan}/chatstate`, { to: shop, state: 'composing' });
  const typing = await event(one => one.type === 'typing' && one.state === 'composing', 'typing');
  assert.equal(typing.sender.pn, dan);
  assert.equal(worker.frames.some(frame => frame.ev === 'commit' && JSON.stringify(frame.body.inbound ?? '').includes('chatstate')), false);
  await worker.ask('presence', 1, { available: false });
});

test('a group: its name, its messages, an answer to all', async () => {
  const { jid } = await emulator.call('POST', '/api/groups', { subject: 'Neighbours', members: [dan, ana, shop] });
  const { id } = await emulator.writes(dan, jid, 'who has the key?');
  const message = await event(one => one.type === 'message' && one.id === id, 'the message');
  assert.deepEqual(message.chat, { jid, group: true });
  assert.equal(message.sender.pn, dan);
  await event(one => one.type === 'chat' && one.chat.jid === jid && one.name === 'Neighbours', 'the name');
  await worker.ask('send', 1, { messageId: '3EB0A3', chat: jid, content: { text: 'we do' } });
  for (const member of [dan, ana])
    assert.equal((await emulator.shown(member, 1)).find(one => one.id === '3EB0A3')?.text, 'we do');
});

test('texts of every kind come and go as they are', async () => {
  const texts = ['<b>&amp;</b><script>alert(1)</script>', 'שלום ‮abc‬', 'a​b‍c', '👩‍👩‍👧‍👦🏳️‍🌈', 'x'.repeat(60_000), ' \n\t leading and trailing \n '];
  for (const [at, text] of texts.entries()) {
    const { id } = await emulator.writes(dan, shop, text);
    assert.equal((await event(one => one.type === 'message' && one.id === id, 'the text')).text, text);
    await worker.ask('send', 1, { messageId: `3EB0AF${at}`, chat: `${dan}@s.whatsapp.net`, content: { text } });
  }
  const shown = await emulator.shown(dan, texts.length);
  assert.deepEqual(shown.filter(one => one.id.startsWith('3EB0AF')).map(one => one.text), texts);
});

test('what comes alone says what it is in its own commit, and in no other frame', async () => {
  await worker.ask('probe', 1);
  const from = worker.frames.length;
  const { id } = await emulator.writes(dan, shop, 'all alone');
  await event(one => one.type === 'message' && one.id === id, 'the message');
  const told = worker.frames.slice(from).filter(frame => frame.body.events?.some((one: any) => one.id === id)).map(frame => frame.ev);
  const later = worker.frames.slice(from).filter(frame => frame.ev === 'inbound' && frame.body.items.some((item: any) => item.key.includes(id)));
  assert.deepEqual(told, ['commit']);
  assert.deepEqual(later, []);
});

test('what could not become rows with its commit is handed on after it', async () => {
  worker.later = true;
  const from = worker.frames.length;
  const { id } = await emulator.writes(dan, shop, 'not at once');
  await event(one => one.type === 'message' && one.id === id, 'the message');
  worker.later = false;
  const told = worker.frames.slice(from).filter(frame => frame.ev === 'inbound' && frame.body.items.some((item: any) => item.events.some((one: any) => one.id === id)));
  assert.equal(told.length, 1);
});

test('a burst comes whole, in order, and in far fewer frames', async () => {
  const count = 300;
  const from = worker.frames.length;
  await emulator.call('POST', `/api/contacts/${dan}/burst`, { to: shop, count, text: 'burst {n}' });
  const all = (): any[] => worker.stored(1).events.filter(one => one.type === 'message' && one.text?.startsWith('burst '));
  await worker.until(() => all().length >= count, 'all of the burst', 60_000);
  assert.deepEqual(all().map(one => one.text), Array.from({ length: count }, (_, at) => `burst ${at + 1}`));
  const frames = worker.frames.slice(from).filter(frame => frame.ev === 'inbound' || frame.body.events).length;
  assert.ok(frames < count, `${frames} frames`);
});
