import { randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { now, seconds } from './clock.ts';
import type { Companion } from './companions.ts';
import { describe } from './content.ts';
import type { Emulator } from './emulator.ts';
import { bundleNodes } from './prekeys.ts';
import { isGroup, type Addressing } from './jids.ts';
import { fetchMedia } from './media.ts';
import { bigEndian, node } from './nodes.ts';
import { answerPeer } from './peers.ts';
import type { Phone } from './phones.ts';
import { fromPhone } from './receipts.ts';

const MAX_RETRIES = 5;

/** An encrypted message at the door of a phone. */
export interface Inbound {
  readonly from: Phone;
  readonly device: number;
  readonly companion: Companion;
  /** digits of the other side, or the jid of a group */
  readonly chat: string;
  /** the chat as the author's device named it */
  readonly chatJid: string;
  readonly addressing: Addressing;
  readonly id: string;
  readonly t: number;
  readonly receivedAt: number;
  readonly encs: readonly { type: string; ciphertext: Buffer }[];
}

/** A phone that is off gets its messages when it is switched on. */
export function receive(emulator: Emulator, phone: Phone, inbound: Inbound): void {
  if (!phone.online) {
    phone.waiting.push(inbound);
    return;
  }
  if (phone.failNextDecrypts > 0) {
    phone.failNextDecrypts -= 1;
    emulator.stats.count('decryptsFailedOnPurpose');
    askAgain(emulator, phone, inbound);
    return;
  }
  let message: proto.Message;
  try {
    message = decrypt(phone, inbound);
  } catch (error) {
    emulator.stats.count('phoneDecryptFailures');
    emulator.stats.problem(`phone ${phone.pn} can't decrypt ${inbound.id}: ${error instanceof Error ? error.message : String(error)}`);
    askAgain(emulator, phone, inbound);
    return;
  }
  show(emulator, phone, inbound, message);
}

/** Switches a phone on: what waited is read now. */
export function switchOn(emulator: Emulator, phone: Phone): void {
  phone.online = true;
  for (const inbound of phone.waiting.splice(0)) receive(emulator, phone, inbound);
}

function decrypt(phone: Phone, inbound: Inbound): proto.Message {
  const address = `${inbound.from.pn}.${inbound.device}`;
  const merged = proto.Message.create();
  for (const { type, ciphertext } of inbound.encs) {
    const padded =
      type === 'skmsg' ? phone.senderKeys.decrypt(inbound.chat, address, ciphertext) : phone.session(address).decrypt(type, ciphertext);
    const decoded = proto.Message.decode(padded.subarray(0, padded.length - padded[padded.length - 1]!));
    const content = decoded.deviceSentMessage?.message ?? decoded;
    const key = content.senderKeyDistributionMessage;
    if (key?.groupId && key.axolotlSenderKeyDistributionMessage) {
      phone.senderKeys.learn(key.groupId, address, Buffer.from(key.axolotlSenderKeyDistributionMessage));
    }
    Object.assign(merged, content);
  }
  return merged;
}

function show(emulator: Emulator, phone: Phone, inbound: Inbound, message: proto.IMessage): void {
  const peer = message.protocolMessage?.peerDataOperationRequestMessage;
  if (peer) {
    answerPeer(emulator, phone, inbound.companion, inbound.id, peer);
    return;
  }
  const shown = describe(message);
  if (!shown) return;
  emulator.stats.count('messagesToPhones');
  const fromMe = inbound.from === phone;
  const isNew = phone.log.add({
    id: inbound.id,
    chat: inbound.chat,
    from: inbound.from.pn,
    device: inbound.device,
    fromMe,
    addressing: inbound.addressing,
    ...shown.entry,
    at: inbound.t * 1000,
    receivedAt: inbound.receivedAt,
    readAt: now(),
    duplicates: 0,
  });
  if (!isNew) emulator.stats.count('duplicatesAtPhones');
  if (isNew && shown.media) fetchMedia(emulator, phone, inbound.id, shown.media);
  confirm(phone, inbound, fromMe);
}

/** Tells the author that the message is there. The own phone does that in its own way. */
function confirm(phone: Phone, inbound: Inbound, fromMe: boolean): void {
  const group = isGroup(inbound.chat) ? inbound.chat : undefined;
  if (fromMe) {
    if (group === undefined) tellSender(phone, inbound);
    return;
  }
  const receipt = { group, addressing: inbound.addressing, ids: [inbound.id] };
  if (phone.deliveryReceipts) fromPhone(phone, inbound.from, { ...receipt, type: 'delivered' });
  if (phone.readReceipts) fromPhone(phone, inbound.from, { ...receipt, type: 'read' });
}

function tellSender(phone: Phone, inbound: Inbound): void {
  inbound.companion.deliver(
    node('receipt', {
      from: phone.jid(inbound.addressing),
      recipient: inbound.chatJid,
      id: inbound.id,
      type: 'sender',
      t: seconds(),
    }),
  );
}

const retries = new WeakMap<Phone, Map<string, number>>();

/** A retry receipt: the author shall encrypt the message again. */
function askAgain(emulator: Emulator, phone: Phone, inbound: Inbound): void {
  const counts = retries.get(phone) ?? new Map<string, number>();
  retries.set(phone, counts);
  const count = (counts.get(inbound.id) ?? 0) + 1;
  if (count > MAX_RETRIES) return;
  counts.set(inbound.id, count);
  emulator.stats.count('retryRequestsOfPhones');
  const from = phone.jid(inbound.addressing);
  const attrs = isGroup(inbound.chat) ? { from: inbound.chat, participant: from } : { from };
  inbound.companion.deliver(
    node('receipt', { ...attrs, id: inbound.id, type: 'retry', t: seconds() }, [
      node('retry', { count, id: inbound.id, t: inbound.t, v: 1 }),
      node('registration', {}, bigEndian(phone.registrationId, 4)),
      ...(count > 1 ? [node('keys', {}, [...bundleNodes(phone.bundle()), node('device-identity', {}, randomBytes(8))])] : []),
    ]),
  );
}
