import { proto } from 'baileys/WAProto/index.js';
import type { MediaKind } from './content.ts';
import type { Emulator } from './emulator.ts';
import type { Group } from './groups.ts';
import { seal } from './media.ts';
import type { Phone } from './phones.ts';
import type { Letter } from './writing.ts';

type Body = Record<string, unknown>;

/** Makes what a phone writes out of the body of a request: text, reaction, edit, revoke or media. */
export function letter(emulator: Emulator, phone: Phone, to: Phone | Group, body: Body): Letter {
  const base = { to, ...(typeof body['id'] === 'string' ? { id: body['id'] } : {}) };
  if (body['reaction']) return { ...base, ...reaction(phone, to, body['reaction'] as Body) };
  if (body['edit']) return { ...base, ...edit(phone, to, body['edit'] as Body) };
  if (body['revoke']) return { ...base, ...revoke(phone, to, body['revoke'] as Body | string) };
  if (body['media']) return { ...base, ...media(emulator, body['media'] as Body) };
  if (typeof body['text'] !== 'string') throw new RangeError('Say what to send: text, reaction, edit, revoke or media.');
  return { ...base, message: text(phone, body['text'], body['quoted']), attrs: { type: 'text' } };
}

function text(phone: Phone, content: string, quoted: unknown): proto.IMessage {
  if (typeof quoted !== 'string') return { conversation: content };
  const original = phone.log.get(quoted);
  const author = original?.fromMe === false ? original.from : phone.pn;
  return {
    extendedTextMessage: {
      text: content,
      contextInfo: {
        stanzaId: quoted,
        participant: `${author}@s.whatsapp.net`,
        quotedMessage: { conversation: original?.text ?? phone.log.sent.get(quoted)?.text ?? '' },
      },
    },
  };
}

/** A message as this phone names it: whose it is, in which chat. */
function key(phone: Phone, to: Phone | Group, id: string): proto.IMessageKey {
  const fromMe = phone.log.sent.has(id);
  if (!('subject' in to)) return { remoteJid: to.jid(phone.addressing), fromMe, id };
  const author = fromMe ? phone : to.phones().find(each => each.pn === phone.log.get(id)?.from);
  return { remoteJid: to.jid, fromMe, id, participant: author?.jid(to.addressing) };
}

function reaction(phone: Phone, to: Phone | Group, body: Body) {
  const target = key(phone, to, String(body['id'] ?? ''));
  if (typeof body['fromMe'] === 'boolean') target.fromMe = body['fromMe'];
  return {
    message: { reactionMessage: { key: target, text: String(body['emoji'] ?? ''), senderTimestampMs: Date.now() } },
    attrs: { type: 'reaction' },
    encAttrs: { 'decrypt-fail': 'hide' },
  };
}

function edit(phone: Phone, to: Phone | Group, body: Body) {
  const { Type } = proto.Message.ProtocolMessage;
  return {
    message: {
      editedMessage: {
        message: {
          protocolMessage: {
            key: { ...key(phone, to, String(body['id'] ?? '')), fromMe: true },
            type: Type.MESSAGE_EDIT,
            editedMessage: { conversation: String(body['text'] ?? '') },
            timestampMs: Date.now(),
          },
        },
      },
    },
    attrs: { type: 'text', edit: '1' },
  };
}

function revoke(phone: Phone, to: Phone | Group, body: Body | string) {
  const { Type } = proto.Message.ProtocolMessage;
  const id = typeof body === 'string' ? body : String(body['id'] ?? '');
  return {
    message: { protocolMessage: { key: { ...key(phone, to, id), fromMe: true }, type: Type.REVOKE } },
    attrs: { type: 'text', edit: '7' },
  };
}

const MIMETYPES: Record<MediaKind, string> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/ogg; codecs=opus',
  document: 'application/octet-stream',
  sticker: 'image/webp',
};

/** `{kind, base64|text, mimetype?, caption?, fileName?, seconds?}`: sealed, put on the media host, and pointed to. */
function media(emulator: Emulator, body: Body) {
  const kind = String(body['kind'] ?? 'image') as MediaKind;
  if (!(kind in MIMETYPES)) throw new RangeError('media.kind is one of image, video, audio, document, sticker.');
  const content = typeof body['base64'] === 'string' ? Buffer.from(body['base64'], 'base64') : Buffer.from(String(body['text'] ?? ''));
  const { sealed, ...keys } = seal(content, kind);
  const directPath = emulator.media.put(kind, sealed);
  const part = {
    ...keys,
    url: `https://${emulator.media.host}${directPath}`,
    directPath,
    mediaKeyTimestamp: Math.floor(Date.now() / 1000),
    fileLength: content.length,
    mimetype: String(body['mimetype'] ?? MIMETYPES[kind]),
    ...(typeof body['caption'] === 'string' ? { caption: body['caption'] } : {}),
    ...(typeof body['fileName'] === 'string' ? { fileName: body['fileName'], title: body['fileName'] } : {}),
    ...(body['seconds'] === undefined ? {} : { seconds: Number(body['seconds']) }),
    ...(kind === 'audio' ? { ptt: body['ptt'] === true } : {}),
  };
  return {
    message: { [`${kind}Message`]: part } as proto.IMessage,
    attrs: { type: 'media' },
    encAttrs: { mediatype: kind === 'audio' && body['ptt'] === true ? 'ptt' : kind },
  };
}
