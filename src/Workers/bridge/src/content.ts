import { normalizeMessageContent, proto, toNumber, type WAMessage } from 'baileys';
import type { Event, MessageKind } from './events.ts';
import { chatOf, personOf, type OtherName, type Self } from './people.ts';

export interface Seen {
  /** The person's other name (number or lid) where the stanza says it. */
  chatOther?: string;
  senderOther?: string;
  offline: boolean;
  history: boolean;
}

type Content = proto.IMessage;
type Said = { kind: MessageKind; text?: string | null };

/** What one message says, as events: none for what is only machinery between devices. */
export async function messageEvents(message: WAMessage, seen: Seen, self: Self, find: OtherName): Promise<Event[]> {
  const { key } = message;
  if (!key.remoteJid || !key.id)
    return [];
  const fromMe = !!key.fromMe;
  const author = key.participant || key.remoteJid;
  // A message to a broadcast list is, for the one who gets it, a message of its sender.
  const chatJid = key.remoteJid.endsWith('@broadcast') && !fromMe ? author : key.remoteJid;
  const common = {
    id: key.id,
    chat: await chatOf(chatJid, chatJid === author ? seen.senderOther ?? seen.chatOther : seen.chatOther, find),
    sender: fromMe ? self.person : await personOf(author, seen.senderOther ?? seen.chatOther, message.pushName, find),
    fromMe,
    at: milliseconds(message.messageTimestamp),
  };
  const { CIPHERTEXT, REVOKE } = proto.WebMessageInfo.StubType;
  if (message.messageStubType === CIPHERTEXT)
    return [{ type: 'placeholder', ...common }];
  if (message.messageStubType === REVOKE)
    return [{ type: 'revoke', ...common }];

  const content = normalizeMessageContent(message.message) ?? undefined;
  if (!content)
    return [];
  if (content.protocolMessage)
    return protocolEvents(content.protocolMessage, common);
  if (content.reactionMessage)
    return content.reactionMessage.key?.id
      ? [{ type: 'reaction', ...common, id: content.reactionMessage.key.id, emoji: content.reactionMessage.text ?? '' }]
      : [];
  const said = saidIn(content);
  if (!said)
    return [];
  const quotedId = contextOf(content)?.stanzaId;
  return [{
    type: 'message',
    ...common,
    kind: said.kind,
    ...(said.text ? { text: said.text } : {}),
    ...(quotedId ? { quotedId } : {}),
    offline: seen.offline,
    history: seen.history,
  }];
}

type Common = Pick<Extract<Event, { type: 'revoke' }>, 'id' | 'chat' | 'sender' | 'fromMe' | 'at'>;

function protocolEvents(protocol: proto.Message.IProtocolMessage, common: Common): Event[] {
  const target = protocol.key?.id;
  if (!target)
    return [];
  const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
  if (protocol.type === REVOKE)
    return [{ type: 'revoke', ...common, id: target }];
  if (protocol.type !== MESSAGE_EDIT)
    return [];
  const text = saidIn(normalizeMessageContent(protocol.editedMessage) ?? {})?.text;
  const at = protocol.timestampMs ? toNumber(protocol.timestampMs) : common.at;
  return text ? [{ type: 'edit', ...common, id: target, text, at }] : [];
}

// What people write, in the order in which to look; what is not here and still a message shows as unsupported.
const readers: ((content: Content) => Said | undefined | null | false | '')[] = [
  c => c.conversation && { kind: 'text', text: c.conversation },
  c => c.extendedTextMessage && { kind: 'text', text: c.extendedTextMessage.text },
  c => c.imageMessage && { kind: 'image', text: c.imageMessage.caption },
  c => c.videoMessage && { kind: 'video', text: c.videoMessage.caption },
  c => c.ptvMessage && { kind: 'video', text: c.ptvMessage.caption },
  c => c.audioMessage && { kind: 'audio' },
  c => c.documentMessage && { kind: 'document', text: c.documentMessage.caption || c.documentMessage.fileName },
  c => (c.stickerMessage || c.lottieStickerMessage) && { kind: 'sticker' },
  c => c.contactMessage && { kind: 'contact', text: c.contactMessage.displayName },
  c => c.contactsArrayMessage && { kind: 'contact', text: c.contactsArrayMessage.displayName },
  c => c.locationMessage && { kind: 'location', text: c.locationMessage.name || c.locationMessage.address },
  c => c.liveLocationMessage && { kind: 'location', text: c.liveLocationMessage.caption },
  c => pollOf(c) && { kind: 'poll', text: pollOf(c)?.name },
  c => c.buttonsResponseMessage && { kind: 'text', text: c.buttonsResponseMessage.selectedDisplayText },
  c => c.templateButtonReplyMessage && { kind: 'text', text: c.templateButtonReplyMessage.selectedDisplayText },
  c => c.listResponseMessage && { kind: 'text', text: c.listResponseMessage.title },
];

// Between devices or about another message: never a bubble of its own.
const silent = new Set([
  'senderKeyDistributionMessage', 'messageContextInfo', 'pollUpdateMessage', 'pinInChatMessage', 'keepInChatMessage',
  'encReactionMessage', 'encCommentMessage', 'encEventResponseMessage', 'stickerSyncRmrMessage', 'associatedChildMessage',
  'secretEncryptedMessage', 'botInvokeMessage', 'statusMentionMessage', 'messageHistoryNotice', 'messageHistoryBundle',
]);

function saidIn(content: Content): Said | undefined {
  for (const read of readers) {
    const said = read(content);
    if (said)
      return said;
  }
  const rest = Object.entries(content).some(([name, value]) => value !== null && value !== undefined && !silent.has(name));
  return rest ? { kind: 'unsupported' } : undefined;
}

function pollOf(content: Content): proto.Message.IPollCreationMessage | null | undefined {
  return content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3;
}

function contextOf(content: Content): proto.IContextInfo | null | undefined {
  for (const value of Object.values(content))
    if (value && typeof value === 'object' && 'contextInfo' in value && value.contextInfo)
      return value.contextInfo as proto.IContextInfo;
  return undefined;
}

/** WhatsApp counts seconds. */
export function milliseconds(seconds: WAMessage['messageTimestamp']): number {
  return toNumber(seconds) * 1000;
}

