import type { Companion } from '../companions.ts';
import { parseFaults } from '../faults.ts';
import { limit, type Limits } from '../notices.ts';
import { node } from '../nodes.ts';
import type { Phone } from '../phones.ts';
import { unlink } from '../unlinking.ts';
import { ApiError, type Call, type Routes } from './routes.ts';

export function describeAccount(phone: Phone) {
  return {
    pn: phone.pn,
    lid: phone.lid,
    name: phone.name,
    devices: [...phone.companions.values()].map(each => each.describe()),
  };
}

function account({ emulator, path }: Call): Phone {
  const phone = emulator.world.get(path['pn']!);
  if (!phone) throw new ApiError(404, `There is no phone ${path['pn']}.`);
  return phone;
}

function devices(call: Call): Companion[] {
  const phone = account(call);
  const wanted = call.body['device'];
  return [...phone.companions.values()].filter(each => wanted === undefined || each.device === Number(wanted));
}

function disconnect(call: Call): { closed: number } {
  const { mode = 'abort', code = 500, conflict, reason = 401 } = call.body;
  let closed = 0;
  for (const { connection } of devices(call)) {
    if (!connection) continue;
    closed += 1;
    switch (mode) {
      case 'abort':
        connection.abort();
        break;
      case 'close':
        connection.close();
        break;
      case 'freeze':
        connection.freeze();
        break;
      case 'stream-error':
        connection.end(
          conflict
            ? node('stream:error', { code: call.body['code'] as number | undefined }, [node('conflict', { type: conflict === true ? 'replaced' : String(conflict) })])
            : node('stream:error', { code: Number(code) }),
        );
        break;
      case 'failure':
        connection.end(node('failure', { reason: Number(reason), location: 'lla' }));
        break;
      default:
        throw new ApiError(400, 'mode is one of abort, close, freeze, stream-error, failure.');
    }
  }
  return { closed };
}

/** States of an account that can be waited for. */
const STATES: Record<string, (companions: Companion[]) => boolean> = {
  connected: companions => companions.length > 0 && companions.every(each => each.connection?.active),
  settled: companions => companions.every(each => each.mailbox.size === 0),
  gone: companions => companions.every(each => each.connection === undefined),
};

export const accountRoutes: Routes = {
  'GET /api/accounts/:pn': async call => {
    const phone = account(call);
    const wanted = call.query.get('until');
    if (wanted === null) return describeAccount(phone);
    const holds = STATES[wanted];
    if (!holds) throw new ApiError(400, `until is one of ${Object.keys(STATES).join(', ')}.`);
    const reached = await call.emulator.stats.until(() => holds([...phone.companions.values()]), Number(call.query.get('wait') ?? 0));
    return { ...describeAccount(phone), reached };
  },
  'POST /api/accounts/:pn/link-code': async ({ emulator, path, body }) => {
    const phone = emulator.world.make(path['pn']!, typeof body['name'] === 'string' ? body['name'] : undefined);
    const companion = await emulator.linkCodes.accept(phone, String(body['code'] ?? ''));
    return { pn: phone.pn, lid: phone.lid, jid: companion.jid('pn'), device: companion.device };
  },
  'POST /api/accounts/:pn/unlink': call => {
    const gone = devices(call);
    for (const companion of gone) unlink(call.emulator, companion, true);
    return { unlinked: gone.map(each => each.device) };
  },
  'POST /api/accounts/:pn/disconnect': disconnect,
  'POST /api/accounts/:pn/prekeys': call => {
    for (const companion of devices(call)) companion.keepPreKeys(Number(call.body['keep'] ?? 0));
    return describeAccount(account(call));
  },
  'POST /api/accounts/:pn/limits': call => {
    const { reachoutUntil, capping } = call.body as Limits;
    limit(account(call), { ...(reachoutUntil ? { reachoutUntil } : {}), ...(capping ? { capping } : {}) });
  },
  'POST /api/accounts/:pn/faults': call => {
    const { pn } = call.emulator.world.make(call.path['pn']!);
    const faults = { ...call.emulator.faultsOf(pn), ...parseFaults(call.body) };
    call.emulator.faults.set(pn, faults);
    return faults;
  },
  'DELETE /api/accounts/:pn/faults': call => {
    call.emulator.faults.delete(account(call).pn);
  },
};
