import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateSignature, verifySignature } from 'libsignal/src/curve.js';

const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const DJB = Buffer.from([5]);

/** A Curve25519 key pair; `public` is the bare 32 bytes. */
export class KeyPair {
  readonly public: Buffer;
  readonly handle: KeyObject;
  #private: Buffer | undefined;

  constructor(handle: KeyObject, publicKey: KeyObject) {
    this.handle = handle;
    this.public = publicKey.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
  }

  /** Exported when it is asked for: most pairs only agree on secrets. */
  get private(): Buffer {
    return (this.#private ??= this.handle.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_PREFIX.length));
  }
}

export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return new KeyPair(privateKey, publicKey);
}

export function keyPairFrom(secret: Buffer): KeyPair {
  const scalar = Buffer.from(secret);
  scalar[0]! &= 248;
  scalar[31]! &= 127;
  scalar[31]! |= 64;
  const handle = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, scalar]), format: 'der', type: 'pkcs8' });
  return new KeyPair(handle, createPublicKey(handle));
}

const imported = new WeakMap<Uint8Array, KeyObject>();

/** Importing a key costs more than using it, and thousands of contacts use the same keys of an account. */
function publicKeyOf(bytes: Uint8Array): KeyObject {
  let key = imported.get(bytes);
  if (!key) {
    key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bare(bytes)]), format: 'der', type: 'spki' });
    imported.set(bytes, key);
  }
  return key;
}

/** The shared secret of our pair and a public key of 32 or 33 bytes. */
export function agree(ours: KeyPair, theirs: Uint8Array): Buffer {
  return diffieHellman({ privateKey: ours.handle, publicKey: publicKeyOf(theirs) });
}

/** The 33 byte form that Signal puts on the wire. */
export function prefixed(key: Uint8Array): Buffer {
  return key.length === 33 ? Buffer.from(key) : Buffer.concat([DJB, key]);
}

export function bare(key: Uint8Array): Uint8Array {
  return key.length === 33 ? key.subarray(1) : key;
}

/** XEdDSA, 64 bytes. */
export function sign(pair: KeyPair, message: Uint8Array): Buffer {
  return Buffer.from(calculateSignature(pair.private, Buffer.from(message)));
}

export function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  return Boolean(verifySignature(prefixed(key), Buffer.from(message), Buffer.from(signature)));
}
