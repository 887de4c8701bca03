import { proto } from 'baileys/WAProto/index.js';
import type { Companion } from './companions.ts';
import type { Emulator } from './emulator.ts';
import { shareOlder, toPeer } from './history.ts';
import { isGroup } from './jids.ts';
import type { Phone } from './phones.ts';

const { PeerDataOperationRequestType: Request } = proto.Message;

/** A linked device asks its phone for something; the phone knows all messages of the account. */
export function answerPeer(
  emulator: Emulator,
  phone: Phone,
  companion: Companion,
  requestId: string,
  request: proto.Message.IPeerDataOperationRequestMessage,
): void {
  if (request.peerDataOperationRequestType === Request.HISTORY_SYNC_ON_DEMAND && request.historySyncOnDemandRequest) {
    shareOlder(emulator, phone, companion, requestId, request.historySyncOnDemandRequest);
    return;
  }
  if (request.peerDataOperationRequestType !== Request.PLACEHOLDER_MESSAGE_RESEND) return;
  emulator.stats.count('placeholderRequests');
  const results = (request.placeholderMessageResendRequest ?? []).flatMap(({ messageKey }) => {
    const found = find(emulator, phone, messageKey);
    return found ? [{ placeholderMessageResendResponse: { webMessageInfoBytes: found } }] : [];
  });
  if (results.length === 0) return;
  toPeer(phone, companion, {
    protocolMessage: {
      type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
      peerDataOperationRequestResponseMessage: {
        peerDataOperationRequestType: Request.PLACEHOLDER_MESSAGE_RESEND,
        stanzaId: requestId,
        peerDataOperationResult: results,
      },
    },
  });
}

function find(emulator: Emulator, phone: Phone, key: proto.IMessageKey | null | undefined): Uint8Array | undefined {
  const entry = key?.id ? phone.log.get(key.id) : undefined;
  const sent = entry && emulator.world.get(entry.from)?.log.sent.get(entry.id);
  if (!key || !entry || !sent) return undefined;
  return proto.WebMessageInfo.encode({
    key: { ...key, ...(isGroup(entry.chat) ? {} : { fromMe: entry.fromMe }) },
    message: sent.message,
    messageTimestamp: Math.floor(entry.at / 1000),
    pushName: emulator.world.get(entry.from)?.name,
  }).finish();
}
