import { seconds } from './clock.ts';
import type { Companion } from './companions.ts';
import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { takeSendFault } from './faults.ts';
import { receive, type Inbound } from './inbound.ts';
import { isGroup, isLid, parse, type Addressing } from './jids.ts';
import { child, children, node, type Node } from './nodes.ts';
import type { Target } from './world.ts';

const DEFAULT_REJECTION = 479;

/** `<message>` of a client: acknowledged, then handed to every device that it names. */
export function fromClient(emulator: Emulator, connection: Connection, stanza: Node, receivedAt: number): void {
  const { companion } = connection;
  if (!companion) return;
  emulator.stats.count('messagesFromClients');
  const fault = takeSendFault(emulator.faultsOf(companion.phone.pn));
  const deliver = () => spread(emulator, companion, stanza, receivedAt);
  const ack = (error?: number) => acknowledge(connection, stanza, error);
  switch (fault?.mode) {
    case undefined:
      ack();
      return deliver();
    case 'lost':
      return emulator.stats.count('messagesLost');
    case 'no-ack':
      return deliver();
    case 'ack-lost':
      deliver();
      return connection.abort();
    case 'reject':
      return ack(fault.error ?? DEFAULT_REJECTION);
    case 'delay':
      setTimeout(() => {
        ack();
        deliver();
        emulator.stats.changed();
      }, fault.delayMs ?? 1000);
  }
}

function acknowledge(connection: Connection, stanza: Node, error?: number): void {
  const { id, to, participant, recipient } = stanza.attrs;
  connection.send(node('ack', { class: 'message', id, from: to, participant, recipient, t: seconds(), error }));
}

/** One message on its way from a device to all others that shall get it. */
interface Envelope {
  readonly from: Companion;
  readonly stanza: Node;
  readonly chat: string;
  readonly receivedAt: number;
  readonly t: number;
}

function spread(emulator: Emulator, from: Companion, stanza: Node, receivedAt: number): void {
  const chat = stanza.attrs['to'] ?? '';
  const envelope: Envelope = { from, stanza, chat, receivedAt, t: seconds() };
  const direct = children(stanza, 'enc');
  const named = children(child(stanza, 'participants'), 'to');
  if (isGroup(chat) && !stanza.attrs['participant']) return toGroup(emulator, envelope, direct, named);
  for (const each of named) hand(emulator, envelope, each.attrs['jid'] ?? '', children(each, 'enc'));
  if (direct.length > 0) hand(emulator, envelope, stanza.attrs['participant'] ?? chat, direct);
}

/** Every device of every member gets the group's ciphertext, and its own copy of the sender key where there is one. */
function toGroup(emulator: Emulator, envelope: Envelope, shared: Node[], named: Node[]): void {
  const group = emulator.groups.get(envelope.chat);
  if (!group) {
    emulator.stats.problem(`a message went to the unknown group ${envelope.chat}`);
    return;
  }
  const own = new Map<string, Node[]>();
  for (const each of named) {
    const target = emulator.world.target(each.attrs['jid'] ?? '');
    if (target) own.set(addressOf(target), children(each, 'enc'));
  }
  for (const phone of group.phones()) {
    for (const target of [{ phone }, ...[...phone.companions.values()].map(companion => ({ phone, companion }))]) {
      if ('companion' in target && target.companion === envelope.from) continue;
      handTo(emulator, envelope, target, group.addressing, [...(own.get(addressOf(target)) ?? []), ...shared]);
    }
  }
}

function addressOf(target: Target): string {
  return `${target.phone.pn}.${target.companion?.device ?? 0}`;
}

function hand(emulator: Emulator, envelope: Envelope, jid: string, encs: Node[]): void {
  const target = emulator.world.target(jid);
  if (!target) {
    if (emulator.world.find(jid)) emulator.stats.count('messagesToGoneDevices');
    else emulator.stats.problem(`a message went to ${jid}, which nobody has`);
    return;
  }
  const group = isGroup(envelope.chat) ? emulator.groups.get(envelope.chat) : undefined;
  handTo(emulator, envelope, target, group?.addressing ?? (isLid(envelope.chat) ? 'lid' : 'pn'), encs);
}

function handTo(emulator: Emulator, envelope: Envelope, target: Target, addressing: Addressing, encs: Node[]): void {
  if (target.companion) target.companion.deliver(forward(emulator, envelope, target.companion, addressing, encs));
  else receive(emulator, target.phone, inbound(emulator, envelope, target, addressing, encs));
}

/** What another linked device gets: the server puts the author's address in both forms on it. */
function forward(emulator: Emulator, envelope: Envelope, to: Companion, addressing: Addressing, encs: Node[]): Node {
  const { from, stanza, chat, t } = envelope;
  const { id, type, edit, category } = stanza.attrs;
  const other: Addressing = addressing === 'lid' ? 'pn' : 'lid';
  const author = from.jid(addressing);
  const alternative = from.phone.jid(other);
  const own = to.phone === from.phone;
  const recipient = stanza.attrs['recipient'] ?? chat;
  const addressed = isGroup(chat)
    ? { from: chat, participant: author, addressing_mode: addressing, [`participant_${other}`]: alternative }
    : own
      ? { from: author, recipient, [`recipient_${other}`]: emulator.world.find(recipient)?.jid(other) }
      : { from: author, [`sender_${other}`]: alternative };
  const identity = child(stanza, 'device-identity');
  return node('message', { ...addressed, id, type, t, edit, category, notify: from.phone.name }, [
    ...encs,
    ...(identity ? [identity] : []),
  ]);
}

function inbound(emulator: Emulator, envelope: Envelope, target: Target, addressing: Addressing, encs: Node[]): Inbound {
  const { from, stanza, chat, receivedAt, t } = envelope;
  const own = target.phone === from.phone;
  const partner = own ? (emulator.world.find(stanza.attrs['recipient'] ?? chat)?.pn ?? parse(chat).user) : from.phone.pn;
  return {
    from: from.phone,
    device: from.device,
    companion: from,
    chat: isGroup(chat) ? chat : partner,
    chatJid: stanza.attrs['recipient'] ?? chat,
    addressing,
    id: stanza.attrs['id'] ?? '',
    t,
    receivedAt,
    encs: encs.map(enc => ({ type: enc.attrs['type'] ?? '', ciphertext: Buffer.from(enc.content as Uint8Array) })),
  };
}
