import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { SERVER } from './jids.ts';
import { bytesOf, node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

/** A limit that WhatsApp puts on an account: it may not start new chats, or only so many. */
export interface Limits {
  reachoutUntil?: number;
  capping?: Record<string, unknown>;
}

const limits = new WeakMap<Phone, Limits>();
let last = 0;

const UNCAPPED = { capping_status: 'NONE' };

/** Sets all of an account's limits; its devices are told what changed. */
export function limit(phone: Phone, changed: Limits): void {
  const before = limits.get(phone) ?? {};
  limits.set(phone, changed);
  if (changed.capping || before.capping) {
    tell(phone, 'MessageCappingInfoNotification', { xwa2_notify_new_chat_messages_capping_info_update: changed.capping ?? UNCAPPED });
  }
  if (changed.reachoutUntil !== before.reachoutUntil) {
    tell(phone, 'NotificationUserReachoutTimelockUpdate', { xwa2_notify_account_reachout_timelock: reachout(changed) });
  }
}

function reachout({ reachoutUntil }: Limits) {
  return reachoutUntil === undefined
    ? { is_active: false }
    : { is_active: true, time_enforcement_ends: String(Math.floor(reachoutUntil / 1000)), enforcement_type: 'DEFAULT' };
}

function tell(phone: Phone, operation: string, data: unknown): void {
  for (const companion of phone.companions.values()) {
    companion.deliver(
      node('notification', { from: SERVER, type: 'mex', id: `mex-${++last}`, t: Math.floor(Date.now() / 1000) }, [
        node('update', { op_name: operation }, Buffer.from(JSON.stringify({ data }))),
      ]),
    );
  }
}

/** GraphQL queries about the same limits. */
export function mex(emulator: Emulator, connection: Connection, request: Node): void {
  const own = (connection.companion && limits.get(connection.companion.phone)) ?? {};
  emulator.stats.count(`mex:${bytesOf(request, 'query') ? 'query' : 'other'}`);
  const data = {
    xwa2_fetch_account_reachout_timelock: reachout(own),
    xwa2_message_capping_info: own.capping ?? UNCAPPED,
  };
  connection.reply(request, [node('result', {}, Buffer.from(JSON.stringify({ data })))]);
}
