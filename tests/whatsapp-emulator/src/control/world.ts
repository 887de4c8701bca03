import { now } from '../clock.ts';
import type { ChainForgery } from '../chain.ts';
import type { StanzaRecord } from '../stats.ts';
import { ApiError, type Routes } from './routes.ts';
import { describeAccount } from './accounts.ts';

const DEFAULT_PHONE = '15550001000';

/** Pairing codes, the network, security and figures. */
export const worldRoutes: Routes = {
  'POST /admin/mock-phone/scan-qr': async ({ emulator, query, text, body }) => {
    const code = typeof body['qr'] === 'string' ? body['qr'] : text.trim().replace(/^"|"$/g, '');
    const phone = emulator.world.make(query.get('phone') ?? DEFAULT_PHONE, query.get('name') ?? undefined);
    const companion = await emulator.pairing.scan(phone, code);
    return { pn: phone.pn, lid: phone.lid, jid: companion.jid('pn'), device: companion.device };
  },
  'POST /api/qr/expire': ({ emulator }) => ({ expired: emulator.pairing.expire() }),
  'POST /api/network': ({ emulator, body }) => {
    emulator.reachable = body['reachable'] !== false;
    if (!emulator.reachable) for (const connection of [...emulator.connections]) connection.abort();
    return { reachable: emulator.reachable };
  },
  'POST /api/media/faults': ({ emulator, body }) => {
    const { media } = emulator;
    if (body['uploads'] !== undefined) media.failUploads = Number(body['uploads']);
    if (body['downloads'] !== undefined) media.failDownloads = Number(body['downloads']);
    return { uploads: media.failUploads, downloads: media.failDownloads };
  },
  'POST /api/security': ({ emulator, body }) => {
    const { security } = emulator;
    if (body['forgeChain'] !== undefined) security.forgeChain = parseForgery(body['forgeChain']);
    if (body['forgeAccountSignature'] !== undefined) security.forgeAccountSignature = body['forgeAccountSignature'] === true;
    if (body['forgeSignedPreKey'] !== undefined) security.forgeSignedPreKey = body['forgeSignedPreKey'] === true;
    return security;
  },
  'GET /api/accounts': ({ emulator }) => [...emulator.world.phones.values()].filter(each => each.account).map(describeAccount),
  'GET /api/users': ({ emulator }) =>
    [...emulator.world.phones.values()].map(({ pn, lid, name, account, online }) => ({ pn, lid, name, account, online })),
  'GET /api/stats': ({ emulator, query }) => {
    const { stats, world } = emulator;
    const phones = [...world.phones.values()];
    return {
      now: now(),
      startedAt: stats.startedAt,
      reachable: emulator.reachable,
      connections: emulator.connections.size,
      process: { cpuMs: cpuMs(), rssBytes: process.memoryUsage.rss() },
      counters: stats.counters,
      problems: stats.problems,
      devices: phones.flatMap(phone => [...phone.companions.values()].map(each => ({ pn: phone.pn, ...each.describe() }))),
      waitingAtPhones: phones.reduce((sum, phone) => sum + phone.waiting.length, 0),
      ...(query.get('stanzas') ? { stanzas: stanzas(stats.stanzas, query) } : {}),
    };
  },
};

/** Narrowed by `?id=`, `?account=`, `?class=`, `?state=`. */
function stanzas(all: readonly StanzaRecord[], query: URLSearchParams): StanzaRecord[] {
  const fields = (['id', 'account', 'class', 'state'] as const).filter(field => query.has(field));
  return all.filter(each => fields.every(field => each[field] === query.get(field)));
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function parseForgery(value: unknown): ChainForgery {
  if (value === true) return 'leaf';
  if (value === false || value === 'leaf' || value === 'intermediate') return value;
  throw new ApiError(400, 'forgeChain is true, false, "leaf" or "intermediate".');
}
