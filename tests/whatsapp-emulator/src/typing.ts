import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { isGroup, isLid } from './jids.ts';
import { children, node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

/** A client says whether it is there, or asks to be told about somebody. */
export function presence(emulator: Emulator, connection: Connection, stanza: Node): void {
  const { companion } = connection;
  if (!companion) return;
  const { type, name, to } = stanza.attrs;
  if (type === 'subscribe') {
    const phone = to && emulator.world.find(to);
    if (phone) connection.send(node('presence', { from: to, type: phone.online ? undefined : 'unavailable' }));
    return;
  }
  if (name) companion.phone.name = name;
  if (type) companion.presence = type;
}

/** A client types, records or stops. */
export function chatstate(emulator: Emulator, connection: Connection, stanza: Node, receivedAt: number): void {
  const { companion } = connection;
  const { to } = stanza.attrs;
  const state = children(stanza)[0];
  if (!companion || !to || !state) return;
  emulator.stats.count('chatstatesFromClients');
  const seen = {
    from: companion.phone.pn,
    chat: isGroup(to) ? to : companion.phone.pn,
    state: state.tag,
    ...(state.attrs['media'] ? { media: state.attrs['media'] } : {}),
    receivedAt,
  };
  const readers = audience(emulator, companion.phone, to);
  for (const reader of readers) {
    reader.log.chatstates.push(seen);
    for (const other of reader.companions.values()) {
      const from = isGroup(to) ? { from: to, participant: companion.phone.jid('pn') } : { from: companion.phone.jid(isLid(to) ? 'lid' : 'pn') };
      other.whisper(node('chatstate', from, [node(state.tag, state.attrs)]));
    }
  }
}

/** Everybody but the author in the chat that `to` names. */
export function audience(emulator: Emulator, author: Phone, to: string): Phone[] {
  if (isGroup(to)) return emulator.groups.get(to)?.phones().filter(each => each !== author) ?? [];
  const phone = emulator.world.find(to);
  return phone ? [phone] : [];
}
