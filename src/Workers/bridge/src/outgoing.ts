import { setImmediate as turn } from 'node:timers/promises';
import { generateWAMessage, jidDecode, proto, type WASocket } from 'baileys';
import { Refusal } from './frames.ts';
import type { KeyStore } from './keys.ts';
import { mute } from './loggers.ts';
import type { Self } from './people.ts';
import type { Transactions } from './transactions.ts';

/** What a message says: a union by its one key. */
export interface Content {
  text: string;
}

export interface Outgoing {
  messageId: string;
  chat: string;
  content: Content;
}

/** Checks a `send` before anything is done for it. */
export function outgoingOf({ messageId, chat, content }: Record<string, unknown>): Outgoing {
  if (typeof messageId !== 'string' || messageId.length === 0)
    throw new Refusal('rejected', 'A message needs its id before it is sent.');
  if (typeof chat !== 'string' || !jidDecode(chat)?.user)
    throw new Refusal('invalid_number', 'This is not an address of WhatsApp.');
  const text = (content as { text?: unknown } | undefined)?.text;
  if (typeof text !== 'string' || text.length === 0)
    throw new Refusal('rejected', 'Only messages with a text can be sent.');
  return { messageId, chat, content: { text } };
}

/**
 * Sends one message; returns when its stanza was written to the socket, and the commit that holds the new ratchet and the
 * protobuf is durable (which of them comes first, Transactions knows). Sending the same id again is safe: the phone shows it once. With a
 * permission, it is encrypted and waits; nothing of it is committed or leaves before that resolves.
 */
export async function send(
  sock: WASocket, transactions: Transactions, self: Self, { messageId, chat, content }: Outgoing, permission?: Promise<void>): Promise<void> {
  // A loop of sends would keep the event loop from the other accounts' sockets until their servers give up on them. One that was begun before is alone.
  if (!permission)
    await turn();
  const isGroup = chat.endsWith('@g.us');
  if (!isGroup)
    await mustHaveDevices(sock, self, chat);
  const message = await messageOf(self, { messageId, chat, content });
  await transactions.transaction(async () => {
    transactions.send(messageId, Buffer.from(proto.Message.encode(message).finish()).toString('base64'));
    await sock.relayMessage(chat, message, { messageId });
  }, self.jid, { direction: 'out', early: !isGroup, permission });
}

/** A message that was sent before, for a phone that asks for it again. */
export async function sentBefore(store: KeyStore, self: Self, { id, remoteJid }: proto.IMessageKey): Promise<proto.IMessage | undefined> {
  const { proto: text, content } = await store.sent(id!);
  if (text)
    return proto.Message.decode(Buffer.from(text, 'base64'));
  return content && await messageOf(self, { messageId: id!, chat: remoteJid!, content });
}

async function messageOf(self: Self, { messageId, chat, content }: Outgoing): Promise<proto.IMessage> {
  const { message } = await generateWAMessage(chat, content, { userJid: self.jid, messageId, logger: mute, upload: noUpload });
  return message!;
}

// When the lookup times out, Baileys sends to no device at all and reports success.
async function mustHaveDevices(sock: WASocket, self: Self, chat: string): Promise<void> {
  const own = chat.endsWith('@lid') && self.lid ? self.lid : `${self.pn}@s.whatsapp.net`;
  const devices = await sock.getUSyncDevices([own, chat], true, false);
  const user = jidDecode(chat)?.user;
  if (devices.some(device => device.user === user) || self.is(chat))
    return;
  const known = chat.endsWith('@s.whatsapp.net') ? await sock.onWhatsApp(chat) : undefined;
  throw known && !known.some(one => one.exists)
    ? new Refusal('invalid_number', 'This number is not on WhatsApp.')
    : new Refusal('timeout', 'WhatsApp did not say which devices this contact has. The message was not sent.');
}

function noUpload(): never {
  throw new Refusal('rejected', 'Only messages with a text can be sent.');
}
