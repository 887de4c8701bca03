import { randomInt } from 'node:crypto';
import type { Companion } from './companions.ts';
import { format, type Addressing } from './jids.ts';
import { newKeyPair, prefixed, sign, KeyPair } from './keys.ts';
import { Log } from './log.ts';
import type { Inbound } from './inbound.ts';
import { SenderKeys, OwnSenderKey } from './signal/senderkeys.ts';
import { Session, type Bundle, type Keys } from './signal/session.ts';

export interface HistoryLine {
  text: string;
  fromMe?: boolean;
  /** epoch milliseconds */
  at?: number;
  /** the account that wrote or got it; every account when left out */
  account?: string;
  id?: string;
}

const SIGNED_PRE_KEY_ID = 1;

/** A person's phone: it owns the account, holds real Signal keys and keeps all that it wrote and read. */
export class Phone implements Keys {
  readonly pn: string;
  readonly lid: string;
  readonly identity: KeyPair = newKeyPair();
  readonly registrationId = randomInt(1, 16380);
  readonly companions = new Map<number, Companion>();
  readonly senderKeys = new SenderKeys();
  readonly ownSenderKeys = new Map<string, { key: OwnSenderKey; given: Set<string> }>();
  readonly log = new Log();
  readonly waiting: Inbound[] = [];
  readonly readReceiptsPrivacy = 'all';
  name: string;
  account = false;
  online = true;
  deliveryReceipts = true;
  readReceipts = false;
  addressing: Addressing = 'pn';
  failNextDecrypts = 0;
  corruptNextSends = 0;
  history: HistoryLine[] = [];
  nextDevice = 1;

  readonly #sessions = new Map<string, Session>();
  readonly #preKeys = new Map<number, KeyPair>();
  #signedPreKey: { pair: KeyPair; signature: Buffer } | undefined;
  #nextPreKey = 1;

  constructor(pn: string, lid: string, name: string) {
    this.pn = pn;
    this.lid = lid;
    this.name = name;
  }

  jid(addressing: Addressing, device = 0): string {
    return addressing === 'lid' ? format(this.lid, 'lid', device) : format(this.pn, 's.whatsapp.net', device);
  }

  session(address: string): Session {
    let session = this.#sessions.get(address);
    if (!session) this.#sessions.set(address, (session = new Session(this)));
    return session;
  }

  forgetSession(address: string): void {
    this.#sessions.delete(address);
  }

  /** The keys with which another device opens a session with this phone; each call makes a new one-time key. */
  bundle(): Bundle {
    const id = this.#nextPreKey++;
    const pair = newKeyPair();
    this.#preKeys.set(id, pair);
    const { pair: signed, signature } = this.#signed();
    return {
      registrationId: this.registrationId,
      identity: this.identity.public,
      signedPreKey: { id: SIGNED_PRE_KEY_ID, public: signed.public, signature },
      preKey: { id, public: pair.public },
    };
  }

  signedPreKey(): KeyPair {
    return this.#signed().pair;
  }

  preKey(id: number): KeyPair | undefined {
    return this.#preKeys.get(id);
  }

  usedPreKey(id: number): void {
    this.#preKeys.delete(id);
  }

  #signed() {
    if (!this.#signedPreKey) {
      const pair = newKeyPair();
      this.#signedPreKey = { pair, signature: sign(this.identity, prefixed(pair.public)) };
    }
    return this.#signedPreKey;
  }
}
