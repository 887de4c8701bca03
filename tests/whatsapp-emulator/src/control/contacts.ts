import { now } from '../clock.ts';
import type { Emulator } from '../emulator.ts';
import type { Group } from '../groups.ts';
import { switchOn } from '../inbound.ts';
import { isGroup } from '../jids.ts';
import { letter } from '../letters.ts';
import { node } from '../nodes.ts';
import type { HistoryLine, Phone } from '../phones.ts';
import { fromPhone, readOnPhone } from '../receipts.ts';
import { newMessageId, write } from '../writing.ts';
import { ApiError, Binary, whenEnough, type Call, type Routes } from './routes.ts';

const BURST_SLICE = 20;

function phoneOf({ emulator, path }: Call): Phone {
  const phone = emulator.world.get(path['pn']!);
  if (!phone) throw new ApiError(404, `There is no phone ${path['pn']}: make it with POST /api/contacts.`);
  return phone;
}

/** Sets what the body names, and leaves the rest. */
export function setUp(emulator: Emulator, phone: Phone, body: Record<string, unknown>) {
  if (typeof body['name'] === 'string') phone.name = body['name'];
  if (typeof body['deliveryReceipts'] === 'boolean') phone.deliveryReceipts = body['deliveryReceipts'];
  if (typeof body['readReceipts'] === 'boolean') phone.readReceipts = body['readReceipts'];
  if (body['addressing'] === 'pn' || body['addressing'] === 'lid') phone.addressing = body['addressing'];
  if (body['failNextDecrypts'] !== undefined) phone.failNextDecrypts = Number(body['failNextDecrypts']);
  if (body['corruptNextSends'] !== undefined) phone.corruptNextSends = Number(body['corruptNextSends']);
  if (Array.isArray(body['history'])) {
    phone.history = (body['history'] as (string | HistoryLine)[]).map(line => (typeof line === 'string' ? { text: line } : line));
  }
  if (body['online'] === false) phone.online = false;
  if (body['online'] === true) switchOn(emulator, phone);
  return describe(phone);
}

function describe(phone: Phone) {
  const { pn, lid, name, account, online, deliveryReceipts, readReceipts, addressing, failNextDecrypts, corruptNextSends } = phone;
  const counts = { waiting: phone.waiting.length, messages: phone.log.entries.length, duplicates: phone.log.duplicates };
  return { pn, lid, name, account, online, deliveryReceipts, readReceipts, addressing, failNextDecrypts, corruptNextSends, ...counts };
}

function recipient({ emulator, body }: Call): Phone | Group {
  const to = String(body['to'] ?? '');
  const found = isGroup(to) ? emulator.groups.get(to) : (emulator.world.get(to) ?? emulator.world.find(to));
  if (!found) throw new ApiError(404, `There is no phone or group "${to}".`);
  return found;
}

function send(call: Call) {
  const phone = phoneOf(call);
  const sent = write(call.emulator, phone, letter(call.emulator, phone, recipient(call), call.body));
  return { id: sent.id, sentAt: sent.sentAt };
}

async function burst(call: Call) {
  const phone = phoneOf(call);
  const to = recipient(call);
  const count = Number(call.body['count'] ?? 1);
  const text = String(call.body['text'] ?? 'message {n}');
  const startedAt = now();
  const ids: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const body = { text: text.includes('{n}') ? text.replaceAll('{n}', String(n)) : text };
    ids.push(write(call.emulator, phone, letter(call.emulator, phone, to, body)).id);
    if (n % BURST_SLICE === 0) await new Promise(resolve => setImmediate(resolve));
  }
  return { count, startedAt, ms: now() - startedAt, ids };
}

function receipts(call: Call) {
  const phone = phoneOf(call);
  const to = recipient(call);
  const ids = ([] as string[]).concat(call.body['ids'] as string[] | string);
  const type = String(call.body['type'] ?? 'read');
  if ('subject' in to) {
    const authors = new Set(ids.map(id => phone.log.get(id)?.from));
    for (const author of to.phones().filter(each => authors.has(each.pn))) {
      const theirs = ids.filter(id => phone.log.get(id)?.from === author.pn);
      fromPhone(phone, author, { group: to.jid, addressing: to.addressing, ids: theirs, type });
    }
    return;
  }
  fromPhone(phone, to, { addressing: phone.log.get(ids[0] ?? '')?.addressing ?? phone.addressing, ids, type });
  if (type === 'read') readOnPhone(phone, to, ids);
}

function chatstate(call: Call) {
  const phone = phoneOf(call);
  const to = recipient(call);
  const state = String(call.body['state'] ?? 'composing');
  const part = state === 'recording' ? node('composing', { media: 'audio' }) : node(state === 'composing' ? 'composing' : 'paused');
  const from = 'subject' in to ? { from: to.jid, participant: phone.jid(to.addressing) } : { from: phone.jid(phone.addressing) };
  const readers = 'subject' in to ? to.phones().filter(each => each !== phone) : [to];
  for (const reader of readers) for (const companion of reader.companions.values()) companion.whisper(node('chatstate', from, [part]));
}

function presence(call: Call) {
  const phone = phoneOf(call);
  const type = String(call.body['type'] ?? 'available');
  const attrs = { from: phone.jid(phone.addressing), type, ...(type === 'unavailable' ? { last: Math.floor(Date.now() / 1000) } : {}) };
  const to = recipient(call);
  if ('subject' in to) throw new ApiError(400, 'Presence goes to a phone, not to a group.');
  for (const companion of to.companions.values()) companion.whisper(node('presence', attrs));
}

/** A call that rings and is taken by nobody: `{to, id?, video?, end?}`. */
function call(request: Call) {
  const phone = phoneOf(request);
  const to = recipient(request);
  if ('subject' in to) throw new ApiError(400, 'Calls go to a phone, not to a group.');
  const { id = newMessageId(), video, end } = request.body;
  const from = phone.jid(phone.addressing);
  const about = { 'call-id': String(id), 'call-creator': from, caller_pn: phone.jid('pn') };
  const offer = end ? node('terminate', { ...about, reason: 'timeout' }) : node('offer', about, video ? [node('video')] : [node('audio')]);
  for (const companion of to.companions.values()) {
    companion.deliver(node('call', { from, id: newMessageId(), t: Math.floor(Date.now() / 1000), notify: phone.name }, [offer]));
  }
  return { id };
}

export const contactRoutes: Routes = {
  'POST /api/contacts': ({ emulator, body }) => {
    const bodies = Array.isArray(body['contacts']) ? (body['contacts'] as Record<string, unknown>[]) : [body];
    const made = bodies.map(each => setUp(emulator, emulator.world.make(String(each['pn'] ?? '')), each));
    return Array.isArray(body['contacts']) ? made : made[0];
  },
  'GET /api/contacts/:pn': call => describe(phoneOf(call)),
  'PATCH /api/contacts/:pn': call => setUp(call.emulator, phoneOf(call), call.body),
  'POST /api/contacts/:pn/send': send,
  'POST /api/contacts/:pn/burst': burst,
  'GET /api/contacts/:pn/messages': call => {
    const { entries } = phoneOf(call).log;
    const from = call.query.get('from');
    return whenEnough(call, () => (from ? entries.filter(each => each.from === from) : entries));
  },
  'GET /api/contacts/:pn/sent': call => {
    const { log } = phoneOf(call);
    return whenEnough(call, () => [...log.sent.values()].map(({ message: _, encAttrs: __, attrs: ___, ...rest }) => rest));
  },
  'GET /api/contacts/:pn/receipts': call => {
    const { receipts: all } = phoneOf(call).log;
    const id = call.query.get('id');
    const type = call.query.get('type');
    return whenEnough(call, () => all.filter(each => (!id || each.id === id) && (!type || each.type === type)));
  },
  'GET /api/contacts/:pn/chatstates': call => whenEnough(call, () => phoneOf(call).log.chatstates),
  'GET /api/contacts/:pn/media/:id': call => {
    const { log } = phoneOf(call);
    const content = log.media.get(call.path['id']!);
    if (!content) throw new ApiError(404, 'This phone has no such media.');
    return new Binary(log.get(call.path['id']!)?.media?.mimetype || 'application/octet-stream', content);
  },
  'POST /api/contacts/:pn/receipts': receipts,
  'POST /api/contacts/:pn/chatstate': chatstate,
  'POST /api/contacts/:pn/presence': presence,
  'POST /api/contacts/:pn/call': call,
};

