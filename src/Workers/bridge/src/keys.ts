import { BufferJSON, proto, type AuthenticationCreds } from 'baileys';
import type { Event } from './events.ts';
import { Refusal } from './frames.ts';
import { Lru } from './lru.ts';
import type { Content } from './outgoing.ts';
import type { StanzaRecord } from './records.ts';
import { isCovered, reserveOf, withReserve, type Reserve } from './reserve.ts';

/** Values of one type of key, by id; null takes a key away. */
export type KeyChanges = Record<string, unknown>;

/** What one database transaction of the worker holds. */
export interface Batch {
  keys: Record<string, KeyChanges>;
  creds?: boolean;
  inbound?: StanzaRecord;
  /** What the record says, where that is known already: it becomes rows in the same transaction. */
  events?: Event[] | undefined;
  /** Called when the worker took the events; otherwise they are still to be handed on. */
  told?: (() => void) | undefined;
  sent?: { messageId: string; proto: string };
}

/** Asks the worker; resolves with its answer. */
export type Ask = <T>(ev: string, body: object, timeoutMs?: number) => Promise<T>;

/** A value in the cache; no text means that there is none. What nobody changes is parsed once: texts, and sessions, which libsignal only reads. */
interface Held {
  /** As the database has it. */
  text: string | null;
  /** As it is: a session's sending chain may stand behind its text. */
  parsed?: unknown;
  reserve?: Reserve | undefined;
}

/** How long the worker has to answer what a message waits for. */
const answerMs = 10_000;

// Read again and again while messages flow. Pre-keys are used once, app state rarely: caching those would only cost memory.
const cached = new Set(['session', 'sender-key', 'sender-key-memory', 'identity-key', 'lid-mapping', 'device-list', 'tctoken']);
const cacheEntries = 400;
const cacheWeight = 1024 * 1024;

/**
 * One account's keys: they live at the worker, this is the way to them with a bounded cache. The cache takes a value only
 * after its commit was answered, so it never runs ahead of the database. Any failure means that what we hold in memory may
 * differ from what is stored: `lost` is told before the caller learns of it, and cuts the socket, because Baileys answers
 * a throw with a NACK that makes the server forget the message.
 */
export class KeyStore {
  readonly #cache = new Lru<Held>(cacheEntries, cacheWeight);
  readonly #writing = new Map<string, number>();
  readonly #leaving: (() => void)[] = [];
  #commits = 0;
  #closed = false;
  #lastCreds: string;

  constructor(private readonly ask: Ask, private readonly creds: () => AuthenticationCreds, private readonly lost: (error: unknown) => void) {
    this.#lastCreds = credsText(creds());
  }

  async read(type: string, ids: string[]): Promise<Record<string, any>> {
    const found: Record<string, any> = {};
    const missing: string[] = [];
    for (const id of ids) {
      const held = cached.has(type) ? this.#cache.get(cacheKey(type, id)) : undefined;
      if (!held)
        missing.push(id);
      else if (held.text !== null)
        found[id] = valueOf(type, held);
    }
    if (missing.length === 0)
      return found;

    const { values } = await this.#must<{ values?: Record<string, string> }>('keys', { type, ids: missing });
    for (const id of missing) {
      const key = cacheKey(type, id);
      // A commit that was answered while we asked has put the newer value there.
      const held = this.#cache.get(key) ?? { text: values?.[id] ?? null };
      if (cached.has(type) && !this.#writing.has(key))
        this.#cache.set(key, held, weightOf(held));
      if (held.text !== null)
        found[id] = valueOf(type, held);
    }
    return found;
  }

  /** Takes no more commits; resolves when those on their way were answered, so that a successor reads what they wrote. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#commits === 0 ? Promise.resolve() : new Promise(resolve => this.#leaving.push(resolve));
  }

  async commit(batch: Batch): Promise<void> {
    if (this.#closed)
      throw new Refusal('not_open', 'The connection is over.');
    const keys: [string, string, string | null][] = [];
    const reserves = new Map<string, Reserve | undefined>();
    for (const [type, changes] of Object.entries(batch.keys))
      for (const [id, value] of Object.entries(changes))
        if (value === null || value === undefined) {
          keys.push([type, id, null]);
        } else if (type === 'session') {
          const { stored, reserve } = withReserve(value, this.#setAside(id));
          // It is plain JSON, and by far the most frequent value, so it skips the walk that looks for buffers.
          keys.push([type, id, JSON.stringify(stored)]);
          reserves.set(id, reserve);
        } else {
          keys.push([type, id, JSON.stringify(value, BufferJSON.replacer)]);
        }

    const creds = batch.creds ? this.#changedCreds() : undefined;
    if (keys.length === 0 && !creds && !batch.inbound && !batch.sent)
      return;

    this.#mark(keys, 1);
    this.#commits++;
    try {
      const { later } = await this.#must<{ later?: boolean }>('commit', {
        keys,
        creds,
        inbound: batch.inbound,
        events: batch.events,
        sent: batch.sent,
      });
      if (batch.events && !later)
        batch.told?.();
    } finally {
      this.#mark(keys, -1);
      if (--this.#commits === 0)
        for (const leave of this.#leaving.splice(0))
          leave();
    }
    for (const [type, id, text] of keys)
      if (cached.has(type)) {
        const held: Held = type === 'session' ? { text, parsed: batch.keys.session?.[id], reserve: reserves.get(id) } : { text };
        this.#cache.set(cacheKey(type, id), held, weightOf(held));
      }
  }

  /**
   * A message may leave before this is committed: it changes ratchets alone, each of which the database has further on already. What answers a
   * phone that asks for the message again can be made anew.
   */
  mayFollow({ keys: { session, ...others }, creds, inbound }: Batch): boolean {
    if (!session || creds || inbound || Object.values(others).some(changes => Object.keys(changes).length > 0))
      return false;
    return Object.entries(session).every(([id, value]) => isCovered(value, this.#setAside(id)));
  }

  #setAside(sessionId: string): Reserve | undefined {
    return this.#cache.get(cacheKey('session', sessionId))?.reserve;
  }

  /** What the worker kept of a ciphertext that was decrypted before, or nothing. */
  async plaintext(hash: string): Promise<Buffer | undefined> {
    const { plaintext } = await this.#must<{ plaintext?: string }>('plaintext', { hash });
    return plaintext ? Buffer.from(plaintext, 'base64') : undefined;
  }

  /** What the worker has of a message that we sent: its protobuf, or else what it was to say. */
  async sent(messageId: string): Promise<{ proto?: string; content?: Content }> {
    return await this.#must('sent', { messageId });
  }

  async #must<T>(ev: string, body: object): Promise<T> {
    try {
      return await this.ask<T>(ev, body, answerMs);
    } catch (error) {
      this.#cache.clear();
      this.lost(error);
      throw error;
    }
  }

  // Baileys announces its credentials again and again without a change in them.
  #changedCreds(): string | undefined {
    const text = credsText(this.creds());
    if (text === this.#lastCreds)
      return undefined;
    this.#lastCreds = text;
    return text;
  }

  #mark(keys: [string, string, string | null][], change: number): void {
    for (const [type, id] of keys) {
      const key = cacheKey(type, id);
      const count = (this.#writing.get(key) ?? 0) + change;
      if (count > 0)
        this.#writing.set(key, count);
      else
        this.#writing.delete(key);
    }
  }
}

export function credsText(creds: AuthenticationCreds): string {
  return JSON.stringify(creds, BufferJSON.replacer);
}

export function credsOf(text: string): AuthenticationCreds {
  try {
    const creds: AuthenticationCreds = JSON.parse(text, BufferJSON.reviver);
    if (creds.noiseKey && creds.signedIdentityKey && creds.signedPreKey)
      return creds;
  } catch {
    // The same sentence says it.
  }
  throw new Refusal('rejected', 'The saved credentials cannot be read. Link the account anew.');
}

function cacheKey(type: string, id: string): string {
  return `${type}/${id}`;
}

function valueOf(type: string, held: Held): any {
  if (held.parsed !== undefined)
    return held.parsed;
  if (type === 'session') {
    held.parsed = JSON.parse(held.text!);
    held.reserve = reserveOf(held.parsed);
    return held.parsed;
  }
  const value = JSON.parse(held.text!, BufferJSON.reviver);
  if (typeof value === 'string')
    return held.parsed = value;
  return type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
}

// A session as an object takes about three times its text.
function weightOf({ text, parsed }: Held): number {
  return (text?.length ?? 0) * (parsed ? 4 : 1);
}
