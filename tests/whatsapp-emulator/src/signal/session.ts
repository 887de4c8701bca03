import { agree, newKeyPair, prefixed, KeyPair } from '../keys.ts';
import { hkdf, Ratchet } from './ratchet.ts';
import { decodeFields, encodeFields, VERSION } from './wire.ts';

const ZERO = Buffer.alloc(32);
const MAX_STATES = 5;

export type CipherType = 'pkmsg' | 'msg';

/** What is needed to open a session with a device that may be offline. */
export interface Bundle {
  readonly registrationId: number;
  readonly identity: Buffer;
  readonly signedPreKey: { readonly id: number; readonly public: Buffer; readonly signature: Buffer };
  readonly preKey?: { readonly id: number; readonly public: Buffer } | undefined;
}

/** Our own keys, as far as a session needs them. */
export interface Keys {
  readonly identity: KeyPair;
  readonly registrationId: number;
  signedPreKey(): KeyPair;
  preKey(id: number): KeyPair | undefined;
  usedPreKey(id: number): void;
}

interface State {
  readonly ratchet: Ratchet;
  readonly baseKey: string;
  pending?: { preKeyId: number | undefined; signedPreKeyId: number; baseKey: Buffer } | undefined;
}

function rootOf(...secrets: Buffer[]): Buffer {
  return hkdf(Buffer.concat([Buffer.alloc(32, 0xff), ...secrets]), ZERO, 'WhisperText', 96).subarray(0, 32);
}

/** All that we share with one remote device: the newest state is used to write, older ones still read. */
export class Session {
  readonly #keys: Keys;
  #states: State[] = [];

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  get open(): boolean {
    return this.#states.length > 0;
  }

  start(bundle: Bundle): void {
    const base = newKeyPair();
    const { identity } = this.#keys;
    const root = rootOf(
      agree(identity, bundle.signedPreKey.public),
      agree(base, bundle.identity),
      agree(base, bundle.signedPreKey.public),
      ...(bundle.preKey ? [agree(base, bundle.preKey.public)] : []),
    );
    const baseKey = prefixed(base.public);
    this.#add({
      ratchet: Ratchet.initiated(prefixed(identity.public), prefixed(bundle.identity), root, bundle.signedPreKey.public),
      baseKey: baseKey.toString('base64'),
      pending: { preKeyId: bundle.preKey?.id, signedPreKeyId: bundle.signedPreKey.id, baseKey },
    });
  }

  encrypt(plaintext: Uint8Array): { type: CipherType; ciphertext: Buffer } {
    const state = this.#states[0];
    if (!state) throw new Error('there is no session with this device');
    const message = state.ratchet.encrypt(plaintext);
    if (!state.pending) return { type: 'msg', ciphertext: message };
    const body = encodeFields([
      [5, this.#keys.registrationId],
      [1, state.pending.preKeyId],
      [6, state.pending.signedPreKeyId],
      [2, state.pending.baseKey],
      [3, prefixed(this.#keys.identity.public)],
      [4, message],
    ]);
    return { type: 'pkmsg', ciphertext: Buffer.concat([Uint8Array.of(VERSION), body]) };
  }

  decrypt(type: string, ciphertext: Buffer): Buffer {
    if (type === 'pkmsg') return this.#decryptFirst(ciphertext);
    if (type !== 'msg') throw new Error(`a session can't decrypt ${type}`);
    if (this.#states.length === 0) throw new Error('there is no session with this device');
    let failure: unknown;
    for (const state of this.#states) {
      try {
        const plaintext = state.ratchet.decrypt(ciphertext);
        state.pending = undefined;
        return plaintext;
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  #decryptFirst(ciphertext: Buffer): Buffer {
    const fields = decodeFields(ciphertext.subarray(1));
    const baseKey = fields.bytes(2);
    const known = this.#states.find(state => state.baseKey === baseKey.toString('base64'));
    const state = known ?? this.#answer(fields.bytes(3), baseKey, fields.number(1));
    const plaintext = state.ratchet.decrypt(fields.bytes(4));
    state.pending = undefined;
    if (!known) {
      this.#add(state);
      const preKeyId = fields.number(1);
      if (preKeyId) this.#keys.usedPreKey(preKeyId);
    }
    return plaintext;
  }

  #answer(theirIdentity: Buffer, baseKey: Buffer, preKeyId: number | undefined): State {
    const signedPreKey = this.#keys.signedPreKey();
    const preKey = preKeyId ? this.#keys.preKey(preKeyId) : undefined;
    if (preKeyId && !preKey) throw new Error(`pre-key ${preKeyId} is unknown or was used already`);
    const { identity } = this.#keys;
    const root = rootOf(
      agree(signedPreKey, theirIdentity),
      agree(identity, baseKey),
      agree(signedPreKey, baseKey),
      ...(preKey ? [agree(preKey, baseKey)] : []),
    );
    return {
      ratchet: Ratchet.answered(prefixed(identity.public), theirIdentity, root, signedPreKey, baseKey),
      baseKey: baseKey.toString('base64'),
    };
  }

  #add(state: State): void {
    this.#states = [state, ...this.#states].slice(0, MAX_STATES);
  }
}
