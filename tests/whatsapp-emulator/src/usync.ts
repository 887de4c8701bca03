import type { Connection } from './connection.ts';
import { watch } from './devices.ts';
import type { Emulator } from './emulator.ts';
import { digits, isLid } from './jids.ts';
import { bytesOf, child, children, node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

/** Looks up users: which devices they have, their LID, whether a number is on WhatsApp at all. */
export function usync(emulator: Emulator, connection: Connection, request: Node): void {
  const sync = child(request, 'usync');
  const asked = new Set(children(child(sync, 'query')).map(each => each.tag));
  const users = children(child(sync, 'list'), 'user').map(user => {
    const number = bytesOf(user, 'contact')?.toString();
    const jid = user.attrs['jid'] ?? `${digits(number ?? '')}@s.whatsapp.net`;
    const phone = emulator.world.find(jid);
    if (phone && connection.companion && asked.has('devices')) watch(phone, connection.companion);
    return node('user', { jid }, facts(phone, jid, asked));
  });
  connection.reply(request, [node('usync', { ...sync?.attrs }, [node('result', {}), node('list', {}, users)])]);
}

function facts(phone: Phone | undefined, jid: string, asked: Set<string>): Node[] {
  const out: Node[] = [];
  if (asked.has('contact')) out.push(node('contact', { type: phone ? 'in' : 'out' }));
  if (asked.has('devices')) out.push(node('devices', {}, [node('device-list', {}, phone ? devices(phone) : [])]));
  if (asked.has('lid') && phone && !isLid(jid)) out.push(node('lid', { val: phone.jid('lid') }));
  if (asked.has('status')) out.push(node('status', { t: 0 }, Buffer.from('')));
  return out;
}

function devices(phone: Phone): Node[] {
  return [
    node('device', { id: 0 }),
    ...[...phone.companions.keys()].map(device => node('device', { id: device, 'key-index': device })),
  ];
}
