import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { agree, newKeyPair, prefixed, KeyPair } from '../keys.ts';
import { decodeFields, encodeFields, VERSION } from './wire.ts';

const ZERO = Buffer.alloc(32);
const MAC = 8;
const MAX_SKIP = 2000;
const MAX_CHAINS = 50;

export function hmac(key: Uint8Array, data: Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

export function hkdf(input: Uint8Array, salt: Uint8Array, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length));
}

const MESSAGE_SEED = Buffer.from([1]);
const CHAIN_SEED = Buffer.from([2]);

/** One direction of a ratchet step; `counter` is the number of the next message. */
class Chain {
  counter = 0;
  readonly #skipped = new Map<number, Buffer>();
  #key: Buffer | undefined;

  constructor(key: Buffer) {
    this.#key = key;
  }

  next(): Buffer {
    if (!this.#key) throw new Error('the chain is closed');
    const seed = hmac(this.#key, MESSAGE_SEED);
    this.#key = hmac(this.#key, CHAIN_SEED);
    this.counter += 1;
    return seed;
  }

  take(counter: number): Buffer {
    const kept = this.#skipped.get(counter);
    if (kept) {
      this.#skipped.delete(counter);
      return kept;
    }
    if (counter < this.counter) throw new Error('the key of this message was used already');
    this.skipTo(counter);
    return this.next();
  }

  skipTo(counter: number): void {
    if (counter - this.counter > MAX_SKIP) throw new Error('too many messages were skipped');
    while (this.counter < counter) this.#skipped.set(this.counter, this.next());
  }

  close(): void {
    this.#key = undefined;
  }

  copy(): Chain {
    const twin = new Chain(this.#key ?? ZERO);
    twin.#key = this.#key;
    twin.counter = this.counter;
    for (const [counter, seed] of this.#skipped) twin.#skipped.set(counter, seed);
    return twin;
  }
}

function messageKeys(seed: Buffer) {
  const keys = hkdf(seed, ZERO, 'WhisperMessageKeys', 80);
  return { cipher: keys.subarray(0, 32), mac: keys.subarray(32, 64), iv: keys.subarray(64) };
}

/** A double ratchet with one remote device, as WhatsApp's libsignal (version 3) runs it. */
export class Ratchet {
  readonly #ours: Buffer;
  readonly #theirs: Buffer;
  #root: Buffer;
  #pair: KeyPair;
  #remote: string;
  #previous = 0;
  #sending: Chain | undefined;
  readonly #receiving = new Map<string, Chain>();

  private constructor(ours: Buffer, theirs: Buffer, root: Buffer, pair: KeyPair, remote: Uint8Array) {
    this.#ours = ours;
    this.#theirs = theirs;
    this.#root = root;
    this.#pair = pair;
    this.#remote = Buffer.from(remote).toString('base64');
  }

  static initiated(ours: Buffer, theirs: Buffer, root: Buffer, theirSignedPreKey: Uint8Array): Ratchet {
    const ratchet = new Ratchet(ours, theirs, root, newKeyPair(), prefixed(theirSignedPreKey));
    ratchet.#sending = ratchet.#step(theirSignedPreKey);
    return ratchet;
  }

  static answered(ours: Buffer, theirs: Buffer, root: Buffer, ourSignedPreKey: KeyPair, baseKey: Buffer): Ratchet {
    return new Ratchet(ours, theirs, root, ourSignedPreKey, baseKey);
  }

  encrypt(plaintext: Uint8Array): Buffer {
    if (!this.#sending) throw new Error('the session has no sending chain yet');
    const counter = this.#sending.counter;
    const keys = messageKeys(this.#sending.next());
    const cipher = createCipheriv('aes-256-cbc', keys.cipher, keys.iv);
    const body = encodeFields([
      [1, prefixed(this.#pair.public)],
      [2, counter],
      [3, this.#previous],
      [4, Buffer.concat([cipher.update(plaintext), cipher.final()])],
    ]);
    const message = Buffer.concat([Uint8Array.of(VERSION), body]);
    const mac = hmac(keys.mac, Buffer.concat([this.#ours, this.#theirs, message])).subarray(0, MAC);
    return Buffer.concat([message, mac]);
  }

  /** Leaves the ratchet as it was when the message can't be decrypted. */
  decrypt(message: Buffer): Buffer {
    const trial = this.#copy();
    const plaintext = trial.#open(message);
    this.#adopt(trial);
    return plaintext;
  }

  #open(message: Buffer): Buffer {
    const signed = message.subarray(0, -MAC);
    const fields = decodeFields(signed.subarray(1));
    const remote = fields.bytes(1);
    const keys = messageKeys(this.#chainOf(remote, fields.number(3) ?? 0).take(fields.number(2) ?? 0));
    const mac = hmac(keys.mac, Buffer.concat([this.#theirs, this.#ours, signed])).subarray(0, MAC);
    if (!timingSafeEqual(mac, message.subarray(-MAC))) throw new Error('bad MAC');
    const decipher = createDecipheriv('aes-256-cbc', keys.cipher, keys.iv);
    return Buffer.concat([decipher.update(fields.bytes(4)), decipher.final()]);
  }

  #chainOf(remote: Buffer, previous: number): Chain {
    const name = remote.toString('base64');
    const known = this.#touch(name);
    if (known) return known;
    const last = this.#touch(this.#remote);
    if (last) {
      last.skipTo(previous + 1);
      last.close();
    }
    const chain = this.#step(remote);
    this.#receiving.set(name, chain);
    if (this.#receiving.size > MAX_CHAINS) this.#receiving.delete(this.#receiving.keys().next().value!);
    this.#previous = this.#sending?.counter ? this.#sending.counter - 1 : 0;
    this.#pair = newKeyPair();
    this.#sending = this.#step(remote);
    this.#remote = name;
    return chain;
  }

  /** A chain that may be changed without changing the ratchet that this one was copied from. */
  #touch(name: string): Chain | undefined {
    const chain = this.#receiving.get(name)?.copy();
    if (chain) this.#receiving.set(name, chain);
    return chain;
  }

  #step(remote: Uint8Array): Chain {
    const keys = hkdf(agree(this.#pair, remote), this.#root, 'WhisperRatchet', 64);
    this.#root = keys.subarray(0, 32);
    return new Chain(keys.subarray(32));
  }

  #copy(): Ratchet {
    const twin = new Ratchet(this.#ours, this.#theirs, this.#root, this.#pair, Buffer.alloc(0));
    twin.#adopt(this);
    return twin;
  }

  #adopt(other: Ratchet): void {
    this.#root = other.#root;
    this.#pair = other.#pair;
    this.#remote = other.#remote;
    this.#previous = other.#previous;
    this.#sending = other.#sending;
    this.#receiving.clear();
    for (const [name, chain] of other.#receiving) this.#receiving.set(name, chain);
  }
}
