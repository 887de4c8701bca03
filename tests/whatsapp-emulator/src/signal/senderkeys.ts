import { createCipheriv, createDecipheriv, randomBytes, randomInt } from 'node:crypto';
import { newKeyPair, prefixed, sign, verify, KeyPair } from '../keys.ts';
import { hkdf, hmac } from './ratchet.ts';
import { decodeFields, encodeFields, VERSION } from './wire.ts';

const ZERO = Buffer.alloc(32);
const SIGNATURE = 64;
const MAX_SKIP = 2000;

function messageKeys(seed: Buffer) {
  const keys = hkdf(seed, ZERO, 'WhisperGroup', 48);
  return { iv: keys.subarray(0, 16), cipher: keys.subarray(16) };
}

/** The key with which one device writes to one group. */
export class OwnSenderKey {
  readonly #id = randomInt(2 ** 31 - 1);
  readonly #signing: KeyPair = newKeyPair();
  #chain: Buffer = randomBytes(32);
  #iteration = 0;

  /** What another device needs to read from here on. */
  distribution(): Buffer {
    const body = encodeFields([
      [1, this.#id],
      [2, this.#iteration],
      [3, this.#chain],
      [4, prefixed(this.#signing.public)],
    ]);
    return Buffer.concat([Uint8Array.of(VERSION), body]);
  }

  encrypt(plaintext: Uint8Array): Buffer {
    const keys = messageKeys(hmac(this.#chain, Uint8Array.of(1)));
    const cipher = createCipheriv('aes-256-cbc', keys.cipher, keys.iv);
    const body = encodeFields([
      [1, this.#id],
      [2, this.#iteration],
      [3, Buffer.concat([cipher.update(plaintext), cipher.final()])],
    ]);
    this.#chain = hmac(this.#chain, Uint8Array.of(2));
    this.#iteration += 1;
    const message = Buffer.concat([Uint8Array.of(VERSION), body]);
    return Buffer.concat([message, sign(this.#signing, message)]);
  }
}

/** A sender key that another device handed to us. */
class ForeignSenderKey {
  readonly #signing: Buffer;
  readonly #skipped = new Map<number, Buffer>();
  #chain: Buffer;
  #iteration: number;

  constructor(iteration: number, chain: Buffer, signing: Buffer) {
    this.#iteration = iteration;
    this.#chain = chain;
    this.#signing = signing;
  }

  decrypt(message: Buffer): Buffer {
    const signed = message.subarray(0, -SIGNATURE);
    if (!verify(this.#signing, signed, message.subarray(-SIGNATURE))) throw new Error('bad signature of a group message');
    const fields = decodeFields(signed.subarray(1));
    const keys = messageKeys(this.#seed(fields.number(2) ?? 0));
    const decipher = createDecipheriv('aes-256-cbc', keys.cipher, keys.iv);
    return Buffer.concat([decipher.update(fields.bytes(3)), decipher.final()]);
  }

  #seed(iteration: number): Buffer {
    const kept = this.#skipped.get(iteration);
    if (kept) {
      this.#skipped.delete(iteration);
      return kept;
    }
    if (iteration < this.#iteration) throw new Error('the key of this group message was used already');
    if (iteration - this.#iteration > MAX_SKIP) throw new Error('too many group messages were skipped');
    while (this.#iteration < iteration) this.#skipped.set(this.#iteration, this.#next());
    return this.#next();
  }

  #next(): Buffer {
    const seed = hmac(this.#chain, Uint8Array.of(1));
    this.#chain = hmac(this.#chain, Uint8Array.of(2));
    this.#iteration += 1;
    return seed;
  }
}

/** The sender keys that one phone knows, by group and by the device that writes. */
export class SenderKeys {
  readonly #keys = new Map<string, ForeignSenderKey>();

  learn(group: string, author: string, distribution: Buffer): void {
    const fields = decodeFields(distribution.subarray(1));
    const name = `${group} ${author} ${fields.number(1) ?? 0}`;
    this.#keys.set(name, new ForeignSenderKey(fields.number(2) ?? 0, Buffer.from(fields.bytes(3)), Buffer.from(fields.bytes(4))));
  }

  decrypt(group: string, author: string, message: Buffer): Buffer {
    const id = decodeFields(message.subarray(1, -SIGNATURE)).number(1) ?? 0;
    const key = this.#keys.get(`${group} ${author} ${id}`);
    if (!key) throw new Error('there is no sender key for this group message');
    return key.decrypt(message);
  }
}
