import { proto } from 'baileys/WAProto/index.js';
import type { Entry } from './log.ts';

export interface MediaReference {
  kind: MediaKind;
  mimetype: string;
  fileName?: string;
  url: string;
  mediaKey: Uint8Array;
  fileSha256: Uint8Array;
  fileEncSha256: Uint8Array;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

export interface Shown {
  entry: Pick<Entry, 'kind'> & Partial<Entry>;
  media?: MediaReference;
}

const WRAPPERS = ['ephemeralMessage', 'viewOnceMessage', 'viewOnceMessageV2', 'documentWithCaptionMessage', 'editedMessage'] as const;

function unwrap(message: proto.IMessage): proto.IMessage {
  for (const name of WRAPPERS) {
    const inner = message[name]?.message;
    if (inner) return unwrap(inner);
  }
  return message;
}

/** What a phone shows for a message; undefined when it is only a key. */
export function describe(wrapped: proto.IMessage): Shown | undefined {
  const message = unwrap(wrapped);
  const { protocolMessage: protocol, reactionMessage: reaction } = message;
  if (protocol) return describeProtocol(protocol);
  if (reaction) {
    return { entry: { kind: 'reaction', target: reaction.key?.id ?? '', emoji: reaction.text ?? '' } };
  }
  if (message.conversation) return { entry: { kind: 'text', text: message.conversation } };
  if (message.extendedTextMessage) {
    const { text, contextInfo } = message.extendedTextMessage;
    return { entry: { kind: 'text', text: text ?? '', ...(contextInfo?.stanzaId ? { quotedId: contextInfo.stanzaId } : {}) } };
  }
  const media = describeMedia(message);
  if (media) return media;
  const kinds = Object.keys(message).filter(key => key !== 'messageContextInfo' && key !== 'senderKeyDistributionMessage');
  return kinds.length > 0 ? { entry: { kind: kinds[0]!.replace(/Message$/, '') } } : undefined;
}

function describeProtocol(protocol: proto.Message.IProtocolMessage): Shown | undefined {
  const { Type } = proto.Message.ProtocolMessage;
  const target = protocol.key?.id ?? '';
  if (protocol.type === Type.REVOKE) return { entry: { kind: 'revoke', target } };
  if (protocol.type === Type.MESSAGE_EDIT) {
    const edited = protocol.editedMessage ? describe(protocol.editedMessage) : undefined;
    return { entry: { kind: 'edit', target, text: edited?.entry.text ?? '' } };
  }
  return { entry: { kind: `protocol:${protocol.type ?? 0}` } };
}

function describeMedia(message: proto.IMessage): Shown | undefined {
  const kinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
  for (const kind of kinds) {
    const part = message[`${kind}Message`] as (proto.Message.IDocumentMessage & { caption?: string | null }) | null | undefined;
    if (!part) continue;
    const reference: MediaReference = {
      kind,
      mimetype: part.mimetype ?? '',
      ...(part.fileName ? { fileName: part.fileName } : {}),
      url: part.url ?? '',
      mediaKey: part.mediaKey ?? Buffer.alloc(0),
      fileSha256: part.fileSha256 ?? Buffer.alloc(0),
      fileEncSha256: part.fileEncSha256 ?? Buffer.alloc(0),
    };
    const about = { kind, mimetype: reference.mimetype, bytes: Number(part.fileLength ?? 0), verified: false };
    return {
      entry: {
        kind,
        ...(part.caption ? { text: part.caption } : {}),
        media: { ...about, ...(part.fileName ? { fileName: part.fileName } : {}) },
      },
      media: reference,
    };
  }
  return undefined;
}
