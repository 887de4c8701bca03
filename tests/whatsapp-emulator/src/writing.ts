import { randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { now, seconds } from './clock.ts';
import type { Companion } from './companions.ts';
import { describe } from './content.ts';
import type { Emulator } from './emulator.ts';
import type { Group } from './groups.ts';
import { isGroup, type Addressing } from './jids.ts';
import type { SentEntry } from './log.ts';
import { bytesOf, child, node, uint, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';
import { readSignedPreKey } from './prekeys.ts';
import { OwnSenderKey } from './signal/senderkeys.ts';

const MAX_RETRIES = 5;

export interface Letter {
  /** a phone, or a group */
  to: Phone | Group;
  message: proto.IMessage;
  id?: string | undefined;
  /** attributes of the stanza: type, edit, category */
  attrs: Record<string, string>;
  /** attributes of each ciphertext: mediatype, decrypt-fail */
  encAttrs?: Record<string, string>;
}

export const newMessageId = () => `3A${randomBytes(9).toString('hex').toUpperCase()}`;

export function padded(message: proto.IMessage): Buffer {
  const length = (randomBytes(1)[0]! & 15) + 1;
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(length, length)]);
}

/** A phone writes: everyone else's devices get a ciphertext, everyone else's phone the text itself. */
export function write(emulator: Emulator, phone: Phone, letter: Letter): SentEntry {
  const id = letter.id ?? newMessageId();
  const group = 'subject' in letter.to ? letter.to : undefined;
  const shown = describe(letter.message);
  const entry: SentEntry = {
    id,
    to: group ? group.jid : (letter.to as Phone).pn,
    kind: shown?.entry.kind ?? 'unknown',
    ...(shown?.entry.text === undefined ? {} : { text: shown.entry.text }),
    sentAt: now(),
    addressing: group ? group.addressing : phone.addressing,
    message: letter.message,
    attrs: letter.attrs,
    encAttrs: letter.encAttrs ?? {},
    receipts: [],
    retries: 0,
  };
  phone.log.sent.set(id, entry);
  emulator.stats.count('messagesFromPhones');
  const corrupt = phone.corruptNextSends > 0;
  if (corrupt) phone.corruptNextSends -= 1;
  if (group) toGroup(emulator, phone, entry, group, corrupt);
  else toPhone(emulator, phone, entry, letter.to as Phone, corrupt);
  return entry;
}

function toPhone(emulator: Emulator, phone: Phone, entry: SentEntry, to: Phone, corrupt: boolean): void {
  const plaintext = padded(entry.message);
  for (const companion of to.companions.values()) {
    companion.deliver(envelope(phone, entry, companion, [enc(phone, entry, companion, plaintext, corrupt)]));
  }
  showPlain(emulator, phone, entry, to, phone.pn);
  if (to === phone) return;
  const copy = padded({ deviceSentMessage: { destinationJid: to.jid(entry.addressing), message: entry.message } });
  for (const companion of phone.companions.values()) {
    companion.deliver(ownEnvelope(phone, entry, to, [enc(phone, entry, companion, copy, corrupt)]));
  }
}

function toGroup(emulator: Emulator, phone: Phone, entry: SentEntry, group: Group, corrupt: boolean): void {
  let own = phone.ownSenderKeys.get(group.jid);
  if (!own) phone.ownSenderKeys.set(group.jid, (own = { key: new OwnSenderKey(), given: new Set() }));
  const distribution = padded(keyMessage(group.jid, own.key));
  const ciphertext = own.key.encrypt(padded(entry.message));
  if (corrupt) ciphertext[ciphertext.length - 70]! ^= 1;
  const shared = node('enc', { v: 2, type: 'skmsg', ...entry.encAttrs }, ciphertext);
  for (const member of group.phones()) {
    if (member !== phone) showPlain(emulator, phone, entry, member, group.jid);
    for (const companion of member.companions.values()) {
      const first = !own.given.has(companion.address);
      own.given.add(companion.address);
      companion.deliver(envelope(phone, entry, companion, [...(first ? [enc(phone, entry, companion, distribution, false)] : []), shared]));
    }
  }
}

function keyMessage(group: string, key: OwnSenderKey): proto.IMessage {
  return { senderKeyDistributionMessage: { groupId: group, axolotlSenderKeyDistributionMessage: key.distribution() } };
}

/** Between phones nothing is encrypted here: only devices of real clients read ciphertexts. */
function showPlain(emulator: Emulator, from: Phone, entry: SentEntry, to: Phone, chat: string): void {
  const shown = describe(entry.message);
  if (!shown || to === from) return;
  to.log.add({
    id: entry.id,
    chat,
    from: from.pn,
    device: 0,
    fromMe: false,
    addressing: entry.addressing,
    ...shown.entry,
    at: seconds() * 1000,
    receivedAt: entry.sentAt,
    readAt: entry.sentAt,
    duplicates: 0,
  });
  emulator.stats.count('plainMessagesToPhones');
}

/** One ciphertext for one device, over a session that is opened with one of its pre-keys when there is none. */
export function enc(phone: Phone, entry: Pick<SentEntry, 'encAttrs'>, to: Companion, plaintext: Buffer, corrupt: boolean): Node {
  const session = phone.session(to.address);
  if (!session.open) session.start(to.bundle());
  const { type, ciphertext } = session.encrypt(plaintext);
  if (corrupt) ciphertext[ciphertext.length - 1]! ^= 1;
  return node('enc', { v: 2, type, ...entry.encAttrs }, ciphertext);
}

function envelope(phone: Phone, entry: SentEntry, to: Companion, encs: Node[]): Node {
  const { addressing } = entry;
  const other: Addressing = addressing === 'lid' ? 'pn' : 'lid';
  const addressed = isGroup(entry.to)
    ? { from: entry.to, participant: phone.jid(addressing), addressing_mode: addressing, [`participant_${other}`]: phone.jid(other) }
    : to.phone === phone
      ? { from: phone.jid('pn') }
      : { from: phone.jid(addressing), [`sender_${other}`]: phone.jid(other) };
  return node('message', { ...addressed, id: entry.id, ...entry.attrs, t: seconds(), notify: phone.name }, encs);
}

function ownEnvelope(phone: Phone, entry: SentEntry, to: Phone, encs: Node[]): Node {
  const other: Addressing = entry.addressing === 'lid' ? 'pn' : 'lid';
  const attrs = {
    from: phone.jid(entry.addressing),
    recipient: to.jid(entry.addressing),
    [`recipient_${other}`]: to.jid(other),
    [`sender_${other}`]: phone.jid(other),
  };
  return node('message', { ...attrs, id: entry.id, ...entry.attrs, t: seconds(), notify: phone.name }, encs);
}

/** A device could not decrypt: it gets the message once more, over a new session. */
export function writeAgain(emulator: Emulator, phone: Phone, to: Companion, id: string, receipt: Node): void {
  const entry = phone.log.sent.get(id);
  if (!entry) {
    emulator.stats.problem(`a retry was asked for the unknown message ${id}`);
    return;
  }
  entry.retries += 1;
  if (entry.retries > MAX_RETRIES) return;
  const keys = child(receipt, 'keys');
  const session = phone.session(to.address);
  if (keys) {
    const key = child(keys, 'key');
    session.start({
      registrationId: uint(bytesOf(receipt, 'registration')),
      identity: bytesOf(keys, 'identity') ?? to.keys.identity,
      signedPreKey: readSignedPreKey(child(keys, 'skey')),
      preKey: key && { id: uint(bytesOf(key, 'id')), public: bytesOf(key, 'value') ?? Buffer.alloc(0) },
    });
  } else {
    session.start(to.bundle());
  }
  const corrupt = phone.corruptNextSends > 0;
  if (corrupt) phone.corruptNextSends -= 1;
  const own = isGroup(entry.to) ? phone.ownSenderKeys.get(entry.to) : undefined;
  const message = own ? { ...entry.message, ...keyMessage(entry.to, own.key) } : entry.message;
  const count = child(receipt, 'retry')?.attrs['count'] ?? '1';
  const again = { ...entry, encAttrs: { ...entry.encAttrs, count } };
  const recipient = !isGroup(entry.to) && to.phone === phone ? emulator.world.get(entry.to) : undefined;
  if (recipient && recipient !== phone) {
    const copy = padded({ deviceSentMessage: { destinationJid: recipient.jid(entry.addressing), message } });
    to.deliver(ownEnvelope(phone, entry, recipient, [enc(phone, again, to, copy, corrupt)]));
  } else {
    to.deliver(envelope(phone, entry, to, [enc(phone, again, to, padded(message), corrupt)]));
  }
  emulator.stats.count('retriesAnswered');
}
