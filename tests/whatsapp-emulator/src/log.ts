import type { proto } from 'baileys/WAProto/index.js';
import type { Addressing } from './jids.ts';

export interface MediaPart {
  kind: string;
  mimetype: string;
  bytes: number;
  fileName?: string;
  /** whether hashes and MAC were right; false while nothing was downloaded */
  verified: boolean;
  content?: Buffer;
}

/** A message as the phone shows it. */
export interface Entry {
  id: string;
  /** digits of the other side, or the jid of a group */
  chat: string;
  from: string;
  device: number;
  fromMe: boolean;
  /** how the author addressed the chat: receipts answer in kind */
  addressing: Addressing;
  kind: string;
  text?: string;
  target?: string;
  emoji?: string;
  quotedId?: string;
  media?: Omit<MediaPart, 'content'>;
  /** the stanza's own time, epoch ms */
  at: number;
  /** when the stanza arrived at the server, epoch ms with a fraction */
  receivedAt: number;
  readAt: number;
  /** how often the same id came again */
  duplicates: number;
  edited?: boolean;
  revoked?: boolean;
  reactions?: Record<string, string>;
}

export interface ReceiptEntry {
  id: string;
  type: string;
  from: string;
  device: number;
  chat: string;
  at: number;
  receivedAt: number;
}

/** A message that this phone wrote, kept so that it can be written again. */
export interface SentEntry {
  id: string;
  to: string;
  kind: string;
  text?: string;
  sentAt: number;
  addressing: Addressing;
  message: proto.IMessage;
  attrs: Record<string, string>;
  encAttrs: Record<string, string>;
  receipts: ReceiptEntry[];
  retries: number;
}

/** Everything that a phone wrote, read and was told. */
export class Log {
  readonly entries: Entry[] = [];
  readonly receipts: ReceiptEntry[] = [];
  readonly chatstates: { from: string; chat: string; state: string; media?: string; receivedAt: number }[] = [];
  readonly sent = new Map<string, SentEntry>();
  readonly media = new Map<string, Buffer>();
  duplicates = 0;
  readonly #byId = new Map<string, Entry>();

  get(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Shows a message once: the same id again is only counted. */
  add(entry: Entry): boolean {
    const known = this.#byId.get(entry.id);
    if (known) {
      known.duplicates += 1;
      this.duplicates += 1;
      return false;
    }
    this.#byId.set(entry.id, entry);
    this.entries.push(entry);
    this.#apply(entry);
    return true;
  }

  addReceipt(receipt: ReceiptEntry): void {
    this.receipts.push(receipt);
    this.sent.get(receipt.id)?.receipts.push(receipt);
  }

  #apply(entry: Entry): void {
    const target = entry.target === undefined ? undefined : this.#byId.get(entry.target);
    if (!target) return;
    if (entry.kind === 'edit' && entry.text !== undefined) {
      target.text = entry.text;
      target.edited = true;
    } else if (entry.kind === 'revoke') {
      target.revoked = true;
    } else if (entry.kind === 'reaction') {
      target.reactions ??= {};
      if (entry.emoji) target.reactions[entry.from] = entry.emoji;
      else delete target.reactions[entry.from];
    }
  }
}
