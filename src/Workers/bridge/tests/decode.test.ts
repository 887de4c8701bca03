import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proto, writeRandomPadMax16, type BinaryNode } from 'baileys';
import { eventsOf } from '../src/decode.ts';
import { Self } from '../src/people.ts';
import { failureOf, hashOf, keyOf, nodeOf, recordOf } from '../src/records.ts';

const self = new Self({ me: { id: '40711000001:3@s.whatsapp.net', lid: '9001:3@lid', name: 'Shop' } } as never);
const nobody = async (): Promise<undefined> => undefined;
const cipher = Buffer.from('ciphertext one');

function stanza(attrs: Record<string, string>, content: BinaryNode[] = [{ tag: 'enc', attrs: { type: 'msg', v: '2' }, content: cipher }]): BinaryNode {
  return { tag: 'message', attrs: { id: 'M1', from: '40722000001@s.whatsapp.net', t: '1700000000', notify: 'Ana', sender_lid: '77@lid', ...attrs }, content };
}

const plain = (message: proto.IMessage): string => Buffer.from(writeRandomPadMax16(proto.Message.encode(message).finish())).toString('base64');

async function said(message: proto.IMessage, attrs: Record<string, string> = {}): Promise<any[]> {
  return await eventsOf({ kind: 'message', node: stanza(attrs), plaintexts: [[hashOf(cipher), plain(message)]] }, self, nobody);
}

const common = {
  id: 'M1',
  chat: { jid: '40722000001@s.whatsapp.net', lid: '77@lid', pn: '40722000001', group: false },
  sender: { lid: '77@lid', pn: '40722000001', name: 'Ana' },
  fromMe: false,
  at: 1700000000000,
};

test('a text', async () => {
  assert.deepEqual(await said({ conversation: 'hi' }), [{ type: 'message', ...common, kind: 'text', text: 'hi', offline: false, history: false }]);
});

test('an answer names what it quotes; the offline queue is marked', async () => {
  const [event] = await said({ extendedTextMessage: { text: 'yes', contextInfo: { stanzaId: 'Q1' } } }, { offline: '3' });
  assert.equal(event.quotedId, 'Q1');
  assert.equal(event.offline, true);
});

for (const [kind, message, text] of [
  ['image', { imageMessage: { caption: 'look' } }, 'look'],
  ['video', { videoMessage: {} }, undefined],
  ['audio', { audioMessage: {} }, undefined],
  ['document', { documentWithCaptionMessage: { message: { documentMessage: { caption: 'the bill' } } } }, 'the bill'],
  ['sticker', { stickerMessage: {} }, undefined],
  ['contact', { contactMessage: { displayName: 'Dan' } }, 'Dan'],
  ['location', { locationMessage: { name: 'Here' } }, 'Here'],
  ['poll', { pollCreationMessageV3: { name: 'When?' } }, 'When?'],
  ['image', { viewOnceMessageV2: { message: { imageMessage: {} } } }, undefined],
  ['text', { ephemeralMessage: { message: { extendedTextMessage: { text: 'soon gone' } } } }, 'soon gone'],
  ['unsupported', { groupInviteMessage: { groupName: 'x' } }, undefined],
] as [string, proto.IMessage, string | undefined][])
  test(`a message of the kind ${kind}: ${Object.keys(message)[0]}`, async () => {
    const [event] = await said(message);
    assert.equal(event.type, 'message');
    assert.equal(event.kind, kind);
    assert.equal(event.text, text);
  });

test('reactions, edits and revokes name their target', async () => {
  const key = { remoteJid: '40711000001@s.whatsapp.net', fromMe: true, id: 'T1' };
  assert.deepEqual(await said({ reactionMessage: { key, text: '👍' } }), [{ type: 'reaction', ...common, id: 'T1', emoji: '👍' }]);
  assert.deepEqual(await said({ reactionMessage: { key, text: '' } }), [{ type: 'reaction', ...common, id: 'T1', emoji: '' }]);
  assert.deepEqual(await said({ protocolMessage: { key, type: 0 } }), [{ type: 'revoke', ...common, id: 'T1' }]);
  assert.deepEqual(
    await said({ editedMessage: { message: { protocolMessage: { key, type: 14, timestampMs: 1700000005000, editedMessage: { conversation: 'new' } } } } }),
    [{ type: 'edit', ...common, id: 'T1', text: 'new', at: 1700000005000 }]);
});

test('half a letter and a time beyond all calendars become something that everybody can read', async () => {
  const half = Buffer.from([0x68, 0x69, 0xed, 0xa0, 0x80]);
  const message = Buffer.concat([Buffer.from([0x0a, half.length]), half]); // conversation
  const text = Buffer.from(writeRandomPadMax16(message)).toString('base64');
  const [event] = await eventsOf({ kind: 'message', node: stanza({ t: 'soon' }), plaintexts: [[hashOf(cipher), text]] }, self, nobody) as any[];
  assert.equal(JSON.stringify(event).includes('\\ud'), false);
  assert.match(event.text, /^hi/);
  assert.equal(event.at, 0);
  const [edit] = await said({ protocolMessage: { type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT, key: { id: 'M0' }, timestampMs: 2 ** 62, editedMessage: { conversation: 'new' } } });
  assert.equal(edit.at, 8.64e15);
});

test('machinery between devices is nothing to show', async () => {
  assert.deepEqual(await said({ senderKeyDistributionMessage: { groupId: 'g' } }), []);
  assert.deepEqual(await said({ messageContextInfo: {} }), []);
  assert.deepEqual(await said({ protocolMessage: { type: 5, historySyncNotification: {} } }, { category: 'peer' }), [], 'history from a stranger');
});

test('a message of our own phone belongs to the chat of its recipient', async () => {
  const attrs = { from: '40711000001@s.whatsapp.net', recipient: '40722000001@s.whatsapp.net', peer_recipient_lid: '77@lid', notify: 'Shop', sender_lid: '9001@lid' };
  const [event] = await said({ deviceSentMessage: { destinationJid: 'x', message: { conversation: 'from the phone' } } }, attrs);
  assert.equal(event.fromMe, true);
  assert.equal(event.text, 'from the phone');
  assert.deepEqual(event.chat, { jid: '40722000001@s.whatsapp.net', lid: '77@lid', pn: '40722000001', group: false });
  assert.deepEqual(event.sender, { pn: '40711000001', lid: '9001@lid', name: 'Shop' });
});

test('what was given up is a placeholder; what is not complete is nothing yet', async () => {
  const hash = hashOf(cipher);
  assert.deepEqual(await eventsOf({ kind: 'message', node: stanza({}), plaintexts: [[failureOf(hash), '']] }, self, nobody), [{ type: 'placeholder', ...common }]);
  assert.deepEqual(await eventsOf({ kind: 'message', node: stanza({}), plaintexts: [] }, self, nobody), []);
  const unavailable = stanza({}, [{ tag: 'unavailable', attrs: {} }]);
  assert.deepEqual(await eventsOf({ kind: 'message', node: unavailable, plaintexts: [] }, self, nobody), [{ type: 'placeholder', ...common }]);
});

test('a group message of two ciphertexts is one message, and waits for the second', async () => {
  const second = Buffer.from('ciphertext two');
  const node = stanza({ from: '123-456@g.us', participant: '77:2@lid', participant_pn: '40722000001@s.whatsapp.net', addressing_mode: 'lid' }, [
    { tag: 'enc', attrs: { type: 'pkmsg' }, content: cipher }, { tag: 'enc', attrs: { type: 'skmsg' }, content: second }]);
  const key: [string, string] = [hashOf(cipher), plain({ senderKeyDistributionMessage: { groupId: '123-456@g.us' } })];
  assert.deepEqual(await eventsOf({ kind: 'message', node, plaintexts: [key] }, self, nobody), []);
  const [event] = await eventsOf({ kind: 'message', node, plaintexts: [key, [hashOf(second), plain({ conversation: 'all' })]] }, self, nobody) as any[];
  assert.deepEqual(event.chat, { jid: '123-456@g.us', group: true });
  assert.deepEqual(event.sender, { pn: '40722000001', lid: '77@lid', name: 'Ana' });
  assert.equal(event.text, 'all');
});

test('receipts: delivered, read by lists, our own phone, and those that only devices care about', async () => {
  const receipt = async (attrs: Record<string, string>, content?: BinaryNode[]): Promise<any[]> =>
    await eventsOf({ kind: 'receipt', node: { tag: 'receipt', attrs: { id: 'R1', from: '77@lid', t: '1700000000', ...attrs }, content }, plaintexts: [] }, self,
      async jid => jid === '77@lid' ? '40722000001@s.whatsapp.net' : undefined);
  const [delivered] = await receipt({});
  assert.deepEqual(delivered, {
    type: 'receipt', ids: ['R1'], chat: { jid: '77@lid', pn: '40722000001', lid: '77@lid', group: false }, sender: { pn: '40722000001', lid: '77@lid' },
    fromMe: false, status: 'delivered', at: 1700000000000,
  });
  const [read] = await receipt({ type: 'read' }, [{ tag: 'list', attrs: {}, content: [{ tag: 'item', attrs: { id: 'R2' } }] }]);
  assert.deepEqual([read.status, read.ids], ['read', ['R1', 'R2']]);
  const [own] = await receipt({ type: 'read-self', from: '40711000001@s.whatsapp.net', recipient: '77@lid' });
  assert.deepEqual([own.fromMe, own.chat.jid], [true, '77@lid']);
  assert.deepEqual(await receipt({ type: 'retry' }), []);
});

test('a group that gets a name', async () => {
  const node: BinaryNode = { tag: 'notification', attrs: { id: 'N', type: 'w:gp2', from: '1@g.us' }, content: [{ tag: 'subject', attrs: { subject: 'Family' } }] };
  assert.deepEqual(await eventsOf({ kind: 'notification', node, plaintexts: [] }, self, nobody), [{ type: 'chat', chat: { jid: '1@g.us', group: true, name: 'Family' }, name: 'Family' }]);
});

test('a record gives back its stanza, and two receipts of one message have two keys', async () => {
  const node = stanza({});
  const record = recordOf('message', node, [[hashOf(cipher), 'AQ==']]);
  const read = await nodeOf(JSON.parse(JSON.stringify(record)));
  assert.deepEqual(read.attrs, node.attrs);
  assert.deepEqual(Buffer.from((read.content as BinaryNode[])[0]!.content as Uint8Array), cipher);
  assert.equal(record.key, 'message/M1/40722000001@s.whatsapp.net/');
  const receipt: BinaryNode = { tag: 'receipt', attrs: { id: 'R', from: 'a@lid' } };
  assert.notEqual(keyOf('receipt', receipt), keyOf('receipt', { ...receipt, attrs: { ...receipt.attrs, type: 'read' } }));
  const again = stanza({}, [{ tag: 'enc', attrs: { type: 'pkmsg', count: '1' }, content: cipher }]);
  assert.equal(keyOf('message', again), `${record.key}/1`);
});
