import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const shop = '40711000004';
const ana = '40722000004';
const chat = `${ana}@s.whatsapp.net`;
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana);
  await worker.open();
  await emulator.link(worker, 1, shop);
  await worker.ask('send', 1, { messageId: '3EB0E0', chat, content: { text: 'hello' } });
  await emulator.shown(ana, 1);
});

afterEach(async () => {
  worker.before = () => undefined;
  await emulator.call('DELETE', `/api/accounts/${shop}/faults`);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

test('what cannot be decrypted is a durable placeholder, replaced by the message that comes again', async () => {
  await emulator.call('PATCH', `/api/contacts/${ana}`, { corruptNextSends: 1 });
  const { id } = await emulator.writes(ana, shop, 'garbled at first');
  await worker.event(1, one => one.type === 'placeholder' && one.id === id, 'a placeholder');
  const message = await worker.event(1, one => one.type === 'message' && one.id === id, 'the message itself');
  assert.equal(message.text, 'garbled at first');
  const key = [...worker.stored(1).records.keys()].find(one => one.includes(id));
  await worker.until(() => key && worker.stored(1).done.has(key), 'the record done');
});

test('a phone that could not decrypt gets the message again after a restart, and shows it once', async () => {
  await emulator.call('PATCH', `/api/contacts/${ana}`, { failNextDecrypts: 1, online: false });
  const messageId = '3EB0E1';
  await worker.ask('send', 1, { messageId, chat, content: { text: 'again, please' } });
  await worker.until(() => worker.frames.some(frame => frame.ev === 'ack' && frame.body.messageId === messageId), 'an ack');
  await worker.kill();
  await emulator.call('PATCH', `/api/contacts/${ana}`, { online: true });
  await worker.open();
  await emulator.open(worker, 1);
  await worker.until(() => worker.frames.some(frame => frame.ev === 'sent' && frame.body.messageId === messageId), 'the question for the protobuf');
  const shown = await emulator.shown(ana, 2);
  assert.deepEqual(shown.filter(one => one.id === messageId).map(one => one.text), ['again, please']);
});

test('a send that is repeated with its id is shown once', async () => {
  const messageId = '3EB0E2';
  for (const _ of [1, 2])
    await worker.ask('send', 1, { messageId, chat, content: { text: 'once' } });
  await worker.ask('send', 1, { messageId: '3EB0E3', chat, content: { text: 'next' } });
  const shown = await emulator.shown(ana, 4);
  assert.deepEqual(shown.slice(-2).map(one => one.text), ['once', 'next']);
});

test('over a new connection, the ratchet and the protobuf are committed before the first stanza is on the wire', async () => {
  await emulator.open(worker, 1);
  const counters = await emulator.counters();
  const seen = worker.states.length;
  const messageId = '3EB0E4';
  let commits = 0;
  worker.before = frame => {
    if (frame.ev !== 'commit' || !frame.body.sent)
      return undefined;
    commits++;
    assert.equal(frame.body.sent.messageId, messageId);
    assert.ok(frame.body.keys.some(([type]: string[]) => type === 'session'));
    return { err: { code: 'refused', message: 'The disk is full.' } };
  };
  await assert.rejects(worker.ask('send', 1, { messageId, chat, content: { text: 'never' } }), { code: 'not_open' });
  assert.equal(commits, 1);
  await worker.state('close', 1, seen);
  assert.equal((await emulator.counters()).messagesFromClients, counters.messagesFromClients);
  worker.before = () => undefined;
  await emulator.open(worker, 1);
  await worker.ask('send', 1, { messageId, chat, content: { text: 'now' } });
  await worker.until(() => worker.frames.some(frame => frame.ev === 'ack' && frame.body.messageId === messageId), 'an ack');
  const shown = await emulator.shown(ana, 5);
  assert.deepEqual(shown.filter(one => one.id === messageId).map(one => one.text), ['now']);
});

test('of several sends at once, to strangers and a group among them, at most one is on the wire before its commit, and none to the group', async () => {
  const strangers = ['40722000054', '40722000064'];
  for (const pn of strangers)
    await emulator.contact(pn);
  const { jid } = await emulator.call('POST', '/api/groups', { subject: 'All', members: [...strangers, ana, shop] });
  const base = (await emulator.counters()).messagesFromClients!;
  const chats = [...strangers, ana, ...strangers].map(pn => `${pn}@s.whatsapp.net`).concat(jid, jid);
  const ids = chats.map((_, at) => `3EB0E9${at}`);
  const early: string[] = [];
  const committed: string[] = [];
  worker.before = async frame => {
    if (frame.ev !== 'commit' || !frame.body.sent)
      return undefined;
    const { keys, sent } = frame.body;
    const { messagesFromClients } = await emulator.counters();
    const to = chats[ids.indexOf(sent.messageId)]!;
    const ahead = to === jid ? 0 : 1;
    if (messagesFromClients! - base > committed.length + ahead || !keys.some(([type]: string[]) => type === 'session' || type === 'sender-key'))
      early.push(sent.messageId);
    committed.push(sent.messageId);
    return undefined;
  };
  await Promise.all(chats.map((to, at) => worker.ask('send', 1, { messageId: ids[at], chat: to, content: { text: `text ${at}` } })));
  worker.before = () => undefined;
  assert.deepEqual(early, []);
  assert.deepEqual(committed.sort(), ids);
  for (const pn of strangers)
    assert.equal((await emulator.shown(pn, 4)).length, 4);
  assert.equal((await emulator.counters()).phoneDecryptFailures ?? 0, 0);
});

test('a device lookup that is not answered is an error, not a message to nobody', async () => {
  const stranger = '40722000044';
  await emulator.contact(stranger);
  await emulator.call('POST', `/api/accounts/${shop}/faults`, { ignoreIq: ['usync'] });
  const counters = await emulator.counters();
  await assert.rejects(worker.ask('send', 1, { messageId: '3EB0E5', chat: `${stranger}@s.whatsapp.net`, content: { text: 'nobody hears' } }), { code: 'timeout' });
  assert.equal((await emulator.counters()).messagesFromClients, counters.messagesFromClients);
  await emulator.call('DELETE', `/api/accounts/${shop}/faults`);
  await assert.rejects(worker.ask('send', 1, { messageId: '3EB0E6', chat: '40799999999@s.whatsapp.net', content: { text: 'who?' } }), { code: 'invalid_number' });
  await worker.ask('send', 1, { messageId: '3EB0E7', chat: `${stranger}@s.whatsapp.net`, content: { text: 'now' } });
  assert.equal((await emulator.shown(stranger, 1))[0].text, 'now');
});

test('an error of the server about a message is told', async () => {
  await emulator.call('POST', `/api/accounts/${shop}/faults`, { send: { mode: 'reject', remaining: 1, error: 479 } });
  await worker.ask('send', 1, { messageId: '3EB0E8', chat, content: { text: 'refused' } });
  const ack = await worker.until(() => worker.frames.find(frame => frame.ev === 'ack' && frame.body.messageId === '3EB0E8'), 'an ack');
  assert.equal(ack.body.error, '479');
});
