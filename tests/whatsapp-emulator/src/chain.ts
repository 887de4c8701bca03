import { createHash, randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { keyPairFrom, newKeyPair, sign, KeyPair } from './keys.ts';

const INTERMEDIATE_SERIAL = 7;

/** Which signature of the chain is replaced by random bytes. */
export type ChainForgery = false | 'leaf' | 'intermediate';

/** The Noise certificate chain of this server: root, intermediate, leaf, where the leaf is the server's static key. */
export class CertificateChain {
  readonly root: KeyPair;
  readonly serverStatic: KeyPair = newKeyPair();
  readonly #intermediateDetails: Uint8Array;
  readonly #leafDetails: Uint8Array;
  readonly #intermediateSignature: Buffer;
  readonly #leafSignature: Buffer;

  /** @param seed any bytes; the same seed gives the same root */
  constructor(seed?: Buffer) {
    this.root = seed ? keyPairFrom(createHash('sha256').update(seed).digest()) : newKeyPair();
    const intermediate = newKeyPair();
    const { Details } = proto.CertChain.NoiseCertificate;
    this.#intermediateDetails = Details.encode({
      serial: INTERMEDIATE_SERIAL,
      issuerSerial: 0,
      key: intermediate.public,
      notBefore: 0,
      notAfter: 4_000_000_000,
    }).finish();
    this.#leafDetails = Details.encode({
      serial: INTERMEDIATE_SERIAL + 1,
      issuerSerial: INTERMEDIATE_SERIAL,
      key: this.serverStatic.public,
      notBefore: 0,
      notAfter: 4_000_000_000,
    }).finish();
    this.#intermediateSignature = sign(this.root, this.#intermediateDetails);
    this.#leafSignature = sign(intermediate, this.#leafDetails);
  }

  encode(forgery: ChainForgery): Uint8Array {
    return proto.CertChain.encode({
      leaf: {
        details: this.#leafDetails,
        signature: forgery === 'leaf' ? randomBytes(64) : this.#leafSignature,
      },
      intermediate: {
        details: this.#intermediateDetails,
        signature: forgery === 'intermediate' ? randomBytes(64) : this.#intermediateSignature,
      },
    }).finish();
  }
}
