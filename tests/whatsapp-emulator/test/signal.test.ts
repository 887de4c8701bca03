import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as libsignal from 'libsignal';
import { newKeyPair, prefixed, sign, KeyPair } from '../src/keys.ts';
import { Session, type Bundle, type Keys } from '../src/signal/session.ts';

for (const name of ['log', 'info', 'warn', 'error'] as const) console[name] = () => undefined;

const ROUNDS = 400;
const MOST_UNDERWAY = 12;

/** One end of a conversation: an identity, a signed pre-key and one-time keys. */
class End implements Keys {
  readonly identity = newKeyPair();
  readonly registrationId = 77;
  readonly #signed = newKeyPair();
  readonly #preKeys = new Map<number, KeyPair>([[5, newKeyPair()], [6, newKeyPair()]]);

  signedPreKey = () => this.#signed;
  preKey = (id: number) => this.#preKeys.get(id);
  usedPreKey = (id: number) => void this.#preKeys.delete(id);

  bundle(preKeyId?: number): Bundle {
    return {
      registrationId: this.registrationId,
      identity: this.identity.public,
      signedPreKey: { id: 1, public: this.#signed.public, signature: sign(this.identity, prefixed(this.#signed.public)) },
      preKey: preKeyId === undefined ? undefined : { id: preKeyId, public: this.#preKeys.get(preKeyId)!.public },
    };
  }
}

/** The other implementation: what Baileys uses. */
class Theirs {
  readonly end = new End();
  #record: libsignal.SessionRecord | undefined;
  readonly #address = new libsignal.ProtocolAddress('them', 0);
  readonly #storage = {
    loadSession: async () => this.#record,
    storeSession: async (_: string, record: libsignal.SessionRecord) => {
      this.#record = record;
    },
    isTrustedIdentity: () => true,
    loadPreKey: async (id: number | string) => pairOf(this.end.preKey(Number(id))),
    removePreKey: (id: number) => this.end.usedPreKey(id),
    loadSignedPreKey: () => pairOf(this.end.signedPreKey())!,
    getOurRegistrationId: () => this.end.registrationId,
    getOurIdentity: () => pairOf(this.end.identity)!,
  };
  readonly #cipher = new libsignal.SessionCipher(this.#storage, this.#address);

  async start(bundle: Bundle): Promise<void> {
    await new libsignal.SessionBuilder(this.#storage, this.#address).initOutgoing({
      registrationId: bundle.registrationId,
      identityKey: prefixed(bundle.identity),
      signedPreKey: { keyId: 1, publicKey: prefixed(bundle.signedPreKey.public), signature: bundle.signedPreKey.signature },
      preKey: bundle.preKey && { keyId: bundle.preKey.id, publicKey: prefixed(bundle.preKey.public) },
    } as never);
  }

  async encrypt(text: string): Promise<{ type: string; ciphertext: Buffer }> {
    const { type, body } = await this.#cipher.encrypt(Buffer.from(text));
    return { type: type === 3 ? 'pkmsg' : 'msg', ciphertext: Buffer.from(body as unknown as Buffer) };
  }

  async decrypt(type: string, ciphertext: Buffer): Promise<string> {
    const plaintext = type === 'pkmsg' ? await this.#cipher.decryptPreKeyWhisperMessage(ciphertext) : await this.#cipher.decryptWhisperMessage(ciphertext);
    return Buffer.from(plaintext).toString();
  }
}

function pairOf(pair: KeyPair | undefined) {
  return pair && { privKey: pair.private, pubKey: prefixed(pair.public) };
}

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return sides => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * sides) % sides;
  };
}

for (const weStart of [true, false]) {
  test(`messages that overtake each other are all read once, ${weStart ? 'when we start' : 'when libsignal starts'}`, async () => {
    const roll = dice(weStart ? 3 : 11);
    const us = new End();
    const them = new Theirs();
    const session = new Session(us);
    if (weStart) session.start(them.end.bundle(5));
    else await them.start(us.bundle(6));
    const toUs: { type: string; ciphertext: Buffer; text: string }[] = [];
    const toThem: typeof toUs = [];
    let bothTalk = false;
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = `message ${round}`;
      const weWrite = bothTalk ? roll(2) === 0 : weStart;
      if (weWrite) toThem.push({ ...session.encrypt(Buffer.from(text)), text });
      else toUs.push({ ...(await them.encrypt(text)), text });
      if ((roll(3) === 0 && toThem.length > 0) || toThem.length > MOST_UNDERWAY) {
        const [{ type, ciphertext, text: wanted }] = toThem.splice(roll(toThem.length), 1) as [(typeof toUs)[0]];
        assert.equal(await them.decrypt(type, ciphertext), wanted);
        bothTalk = true;
      }
      if ((roll(3) === 0 && toUs.length > 0) || toUs.length > MOST_UNDERWAY) {
        const [{ type, ciphertext, text: wanted }] = toUs.splice(roll(toUs.length), 1) as [(typeof toUs)[0]];
        assert.equal(session.decrypt(type, ciphertext).toString(), wanted);
        assert.throws(() => session.decrypt(type, ciphertext));
        bothTalk = true;
      }
    }
  });
}

test('a damaged message is refused and harms nothing', async () => {
  const us = new End();
  const them = new Theirs();
  const session = new Session(us);
  session.start(them.end.bundle(5));
  await them.decrypt('pkmsg', session.encrypt(Buffer.from('first')).ciphertext);
  const { type, ciphertext } = await them.encrypt('answer');
  for (let at = 0; at < ciphertext.length; at += 7) {
    const damaged = Buffer.from(ciphertext);
    damaged[at]! ^= 1;
    assert.throws(() => session.decrypt(type, damaged));
  }
  assert.throws(() => session.decrypt(type, randomBytes(90)));
  assert.equal(session.decrypt(type, ciphertext).toString(), 'answer');
});
