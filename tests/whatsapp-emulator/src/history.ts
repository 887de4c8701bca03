import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { proto } from 'baileys/WAProto/index.js';
import { seconds } from './clock.ts';
import type { Companion } from './companions.ts';
import type { Emulator } from './emulator.ts';
import { node } from './nodes.ts';
import type { HistoryLine, Phone } from './phones.ts';
import { enc, newMessageId, padded } from './writing.ts';

const { HistorySyncType } = proto.HistorySync;
const { Type } = proto.Message.ProtocolMessage;

/** What the phone tells a device that it has just linked: the key of shared settings, then its history. */
export function introduce(emulator: Emulator, companion: Companion): void {
  const { phone } = companion;
  toPeer(phone, companion, {
    protocolMessage: {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: {
        keys: [
          {
            keyId: { keyId: randomBytes(6) },
            keyData: {
              keyData: randomBytes(32),
              fingerprint: { rawId: 1, currentIndex: 1, deviceIndexes: [0, companion.device] },
              timestamp: seconds(),
            },
          },
        ],
      },
    },
  });
  const partners = [...emulator.world.phones.values()].filter(each => each !== phone && linesFor(each, phone).length > 0);
  const conversations = partners.map(each => conversation(phone, each, past(phone, each)));
  const pushnames = partners.map(each => ({ id: each.jid('pn'), pushname: each.name }));
  const phoneNumberToLidMappings = [phone, ...partners].map(each => ({ pnJid: each.jid('pn'), lidJid: each.jid('lid') }));
  share(phone, companion, { syncType: HistorySyncType.INITIAL_BOOTSTRAP, conversations, phoneNumberToLidMappings, progress: 0 });
  share(phone, companion, { syncType: HistorySyncType.PUSH_NAME, pushnames });
  share(phone, companion, { syncType: HistorySyncType.RECENT, conversations: [], progress: 100 });
}

function linesFor(partner: Phone, account: Phone): HistoryLine[] {
  return partner.history.filter(line => line.account === undefined || line.account === account.pn);
}

interface Line {
  id: string;
  text: string;
  fromMe: boolean;
  at: number;
}

/** What was said before the device was linked, oldest first; lines without a time are a minute apart. */
function past(account: Phone, partner: Phone): Line[] {
  const lines = linesFor(partner, account);
  const start = Date.now() - lines.length * 60_000;
  return lines.map((line, at) => {
    line.id ??= newMessageId();
    line.at ??= start + at * 60_000;
    return { id: line.id, text: line.text, fromMe: line.fromMe ?? false, at: line.at };
  });
}

function conversation(account: Phone, partner: Phone, lines: readonly Line[]): proto.IConversation {
  const messages = lines.map(({ id, text, fromMe, at }, order) => ({
    message: {
      key: { remoteJid: partner.jid('pn'), fromMe, id },
      message: { conversation: text },
      messageTimestamp: Math.floor(at / 1000),
      status: proto.WebMessageInfo.Status.READ,
      ...(fromMe ? {} : { pushName: partner.name }),
    },
    msgOrderId: order + 1,
  }));
  return {
    id: partner.jid('pn'),
    name: partner.name,
    lidJid: partner.jid('lid'),
    accountLid: account.jid('lid'),
    messages: messages.toReversed(),
    conversationTimestamp: messages.at(-1)?.message.messageTimestamp ?? seconds(),
    unreadCount: 0,
  };
}

/** Older texts of a chat, because the device asked for them. */
export function shareOlder(
  emulator: Emulator,
  phone: Phone,
  companion: Companion,
  requestId: string,
  request: proto.Message.PeerDataOperationRequestMessage.IHistorySyncOnDemandRequest,
): void {
  const partner = emulator.world.find(request.chatJid ?? '');
  if (!partner) return;
  const said = phone.log.entries
    .filter(each => each.chat === partner.pn && each.kind === 'text')
    .map(({ id, text = '', fromMe, at }) => ({ id, text, fromMe, at }));
  const before = Number(request.oldestMsgTimestampMs ?? Date.now());
  const lines = [...past(phone, partner), ...said].filter(each => each.at <= before && each.id !== request.oldestMsgId);
  const wanted = lines.toSorted((a, b) => a.at - b.at).slice(-(request.onDemandMsgCount ?? 50));
  const conversations = [conversation(phone, partner, wanted)];
  share(phone, companion, { syncType: HistorySyncType.ON_DEMAND, conversations, progress: 100 }, requestId);
}

function share(phone: Phone, companion: Companion, sync: proto.IHistorySync, requestId?: string): void {
  const payload = deflateSync(proto.HistorySync.encode(proto.HistorySync.fromObject(sync)).finish());
  toPeer(phone, companion, {
    protocolMessage: {
      type: Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: sync.syncType as number as proto.Message.HistorySyncType,
        chunkOrder: 1,
        progress: sync.progress ?? 100,
        initialHistBootstrapInlinePayload: payload,
        ...(requestId === undefined ? {} : { peerDataRequestSessionId: requestId }),
      },
    },
  });
}

/** A message between devices of the same account; nobody sees it. */
export function toPeer(phone: Phone, companion: Companion, message: proto.IMessage): void {
  const attrs = { from: phone.jid('pn'), id: newMessageId(), type: 'text', category: 'peer', t: seconds() };
  companion.deliver(node('message', attrs, [enc(phone, { encAttrs: {} }, companion, padded(message), false)]));
}
