import * as libsignal from 'libsignal';
import curve from 'libsignal/src/curve.js';

export interface Ciphertext {
  type: number;
  body: Buffer;
}

/** Where a device's one session is kept, as JSON. */
export interface Records {
  load(): Promise<any>;
  save(record: any): Promise<void>;
}

export class Memory implements Records {
  #session: any;

  load = async (): Promise<any> => this.#session;

  save = async (record: any): Promise<void> => {
    this.#session = JSON.parse(JSON.stringify(record));
  };
}

/** One device that speaks with one other, by libsignal. */
export class Device {
  readonly identity = curve.generateKeyPair();
  readonly signed = curve.generateKeyPair();
  readonly #cipher: any;

  constructor(private readonly peer: string, private readonly records: Records = new Memory()) {
    this.#cipher = new libsignal.SessionCipher(this.#storage as never, new libsignal.ProtocolAddress(peer, 0));
  }

  async open(other: Device): Promise<void> {
    const signature = curve.calculateSignature(other.identity.privKey, other.signed.pubKey);
    await new libsignal.SessionBuilder(this.#storage as never, new libsignal.ProtocolAddress(this.peer, 0)).initOutgoing({
      registrationId: 7, identityKey: other.identity.pubKey, signedPreKey: { keyId: 1, publicKey: other.signed.pubKey, signature },
    } as never);
  }

  async says(text: string): Promise<Ciphertext> {
    return await this.#cipher.encrypt(Buffer.from(text));
  }

  async hears({ type, body }: Ciphertext): Promise<string> {
    return String(type === 3 ? await this.#cipher.decryptPreKeyWhisperMessage(body) : await this.#cipher.decryptWhisperMessage(body));
  }

  get #storage(): object {
    return {
      isTrustedIdentity: () => true,
      getOurIdentity: () => this.identity,
      getOurRegistrationId: () => 7,
      loadSignedPreKey: () => this.signed,
      loadPreKey: () => undefined,
      removePreKey: () => {},
      loadSession: async () => {
        const session = await this.records.load();
        return session && libsignal.SessionRecord.deserialize(session);
      },
      storeSession: (_: string, record: any) => this.records.save(record.serialize()),
    };
  }
}
