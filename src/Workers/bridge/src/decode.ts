import {
  cleanMessage, decryptMessageNode, extractAddressingContext, getBinaryNodeChild, getBinaryNodeChildren, getHistoryMsg,
  normalizeMessageContent, proto, type BinaryNode, type SignalRepositoryWithLIDStore, type WAMessage,
} from 'baileys';
import { messageEvents, milliseconds } from './content.ts';
import type { ChatEvent, Event, ReceiptEvent, TypingEvent } from './events.ts';
import { historyEvents } from './history.ts';
import { chatOf, personOf, type OtherName, type Self } from './people.ts';
import { ciphertextsOf, failureOf, hashOf, type Kind } from './records.ts';
import { mute } from './loggers.ts';
import { sound } from './sound.ts';

export interface Stanza {
  kind: Kind;
  node: BinaryNode;
  plaintexts: [string, string][];
}

/** What a stanza says, live and in a replay: the one place where WhatsApp's words become ours. */
export async function eventsOf(stanza: Stanza, self: Self, find: OtherName): Promise<Event[]> {
  return sound(await readEvents(stanza, self, find));
}

async function readEvents(stanza: Stanza, self: Self, find: OtherName): Promise<Event[]> {
  switch (stanza.kind) {
    case 'message': return await eventsOfMessage(stanza, self, find);
    case 'receipt': return await eventsOfReceipt(stanza.node, self, find);
    case 'notification': return await eventsOfNotification(stanza.node, find);
    case 'call': return [];
  }
}

async function eventsOfMessage({ node, plaintexts }: Stanza, self: Self, find: OtherName): Promise<Event[]> {
  const saved = new Map(plaintexts);
  // A group's message may have been cut between its two commits. The first holds only a key: the server repeats the rest.
  if (ciphertextsOf(node).map(hashOf).some(hash => !saved.has(hash) && !saved.has(failureOf(hash))))
    return [];

  const { fullMessage, decrypt } = decryptMessageNode(node, self.jid, self.lidJid, rereading(saved), mute);
  await decrypt();
  const message = fullMessage as WAMessage;
  cleanMessage(message, self.jid, self.lidJid);

  if (node.attrs.category === 'peer')
    return message.key.fromMe ? await eventsOfPeer(message, self, find) : [];
  return await messageEvents(message, { ...others(node, !!message.key.fromMe), offline: !!node.attrs.offline, history: false }, self, find);
}

async function eventsOfPeer(message: WAMessage, self: Self, find: OtherName): Promise<Event[]> {
  const history = getHistoryMsg(message.message ?? {});
  if (history)
    return await historyEvents(history, self, find);

  // The phone answers when we asked it for a message that came without content.
  const answers = normalizeMessageContent(message.message)?.protocolMessage?.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
  const events: Event[] = [];
  for (const { placeholderMessageResendResponse: answer } of answers)
    if (answer?.webMessageInfoBytes) {
      const again = proto.WebMessageInfo.decode(answer.webMessageInfoBytes) as WAMessage;
      cleanMessage(again, self.jid, self.lidJid);
      events.push(...await messageEvents(again, { offline: true, history: false }, self, find));
    }
  return events;
}

/** Opens with what was saved instead of a ratchet, and changes nothing. */
function rereading(saved: Map<string, string>): SignalRepositoryWithLIDStore {
  const read = (ciphertext: Uint8Array): Promise<Uint8Array> => {
    const text = saved.get(hashOf(ciphertext));
    return text ? Promise.resolve(Buffer.from(text, 'base64')) : Promise.reject(new Error('It could not be decrypted.'));
  };
  return {
    decryptMessage: ({ ciphertext }: { ciphertext: Uint8Array }) => read(ciphertext),
    decryptGroupMessage: ({ msg }: { msg: Uint8Array }) => read(msg),
    processSenderKeyDistributionMessage: async () => {},
    migrateSession: async () => ({ migrated: 0, skipped: 0, total: 0 }),
    lidMapping: { getLIDForPN: async () => null, storeLIDPNMappings: async () => {} },
  } as unknown as SignalRepositoryWithLIDStore;
}

function others({ attrs }: BinaryNode, fromMe: boolean): { chatOther?: string; senderOther?: string } {
  if (fromMe)
    return { chatOther: attrs.peer_recipient_pn || attrs.peer_recipient_lid || attrs.recipient_pn || attrs.recipient_lid };
  const { senderAlt } = extractAddressingContext({ tag: 'message', attrs });
  return { senderOther: senderAlt };
}

const statuses: Record<string, ReceiptEvent['status']> = {
  delivery: 'delivered', inactive: 'delivered', read: 'read', 'read-self': 'read', played: 'played', 'played-self': 'played',
};

/** How far a message came, by a receipt; nothing for those that only devices care about. */
export function statusOf({ attrs }: BinaryNode): ReceiptEvent['status'] | undefined {
  return statuses[attrs.type ?? 'delivery'];
}

async function eventsOfReceipt(node: BinaryNode, self: Self, find: OtherName): Promise<Event[]> {
  const { attrs } = node;
  const status = statusOf(node);
  if (!status || !attrs.from || !attrs.id)
    return [];
  const author = attrs.participant || attrs.from;
  const fromMe = self.is(author);
  const group = attrs.from.endsWith('@g.us');
  const chat = fromMe && !group ? attrs.recipient ?? attrs.from : attrs.from;
  const items = getBinaryNodeChildren(getBinaryNodeChild(node, 'list'), 'item').map(item => item.attrs.id!);
  const { senderAlt } = extractAddressingContext(node);
  return [{
    type: 'receipt',
    ids: [attrs.id, ...items],
    chat: await chatOf(chat, fromMe ? undefined : senderAlt, find),
    sender: fromMe ? self.person : await personOf(author, senderAlt, attrs.notify, find),
    fromMe,
    status,
    at: milliseconds(+(attrs.t ?? 0)),
  }];
}

async function eventsOfNotification(node: BinaryNode, find: OtherName): Promise<Event[]> {
  if (node.attrs.type !== 'w:gp2' || !node.attrs.from)
    return [];
  const created = getBinaryNodeChild(getBinaryNodeChild(node, 'create'), 'group')?.attrs.subject;
  const name = getBinaryNodeChild(node, 'subject')?.attrs.subject ?? created;
  return name ? [await named(node.attrs.from, name, find)] : [];
}

export async function named(jid: string, name: string, find: OtherName, other?: string): Promise<ChatEvent> {
  return sound({ type: 'chat', chat: { ...await chatOf(jid, other, find), name }, name });
}

export async function typingOf(node: BinaryNode, self: Self, find: OtherName): Promise<TypingEvent | undefined> {
  const { from, participant } = node.attrs;
  const child = Array.isArray(node.content) ? node.content[0]?.tag : undefined;
  if (!from || (child !== 'composing' && child !== 'paused') || self.is(participant || from))
    return undefined;
  return { type: 'typing', chat: await chatOf(from, undefined, find), sender: await personOf(participant || from, undefined, undefined, find), state: child };
}
