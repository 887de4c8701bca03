import { areJidsSameUser, DEFAULT_CONNECTION_CONFIG, proto, unpadRandomMax16, type AuthenticationCreds, type BinaryNode, type SignalRepositoryWithLIDStore } from 'baileys';
import type { Event } from './events.ts';
import type { KeyStore } from './keys.ts';
import { log, reasonOf } from './logs.ts';
import { ciphertextsOf, failureOf, hashOf, recordOf, type StanzaRecord } from './records.ts';
import type { Transactions } from './transactions.ts';

/** A message stanza between its arrival and the last of its ciphertexts. */
export interface Arrival {
  node: BinaryNode;
  /** Ciphertexts that are still to be opened. */
  left: number;
  /** Those that were opened and whose commit is on its way. */
  unkept: number;
  plaintexts: [string, string][];
  /** Resolves when Baileys opens its first ciphertext: from then on nothing that comes later is opened before it. */
  begun: Promise<void>;
  begin: () => void;
  /** Of its last commit, UTC milliseconds; of several each is later than the one before. */
  at: number;
  /** What it says went with its last commit. */
  told: boolean;
}

type MakeRepository = typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository;
type Opened = { plaintext: Uint8Array } | { error: unknown };

// Whatever reads or writes a ratchet besides decryption.
const ratchetMethods = [
  'processSenderKeyDistributionMessage', 'encryptMessage', 'encryptGroupMessage', 'getSenderKeyDistributionMessage',
  'injectE2ESession', 'migrateSession', 'deleteSession',
] as const;

/**
 * Baileys' Signal repository with the plaintext in the same commit as the ratchet: it is saved before the receipt leaves (Baileys may go on
 * sooner, see Transactions), and a ciphertext that the server repeats, because it never got that receipt, gets the saved plaintext.
 */
export class Inbound {
  readonly #arrivals = new WeakMap<Uint8Array, Arrival>();
  /** What was opened and is on its way to the worker, by the ciphertext's hash, and whose it is: the server may repeat itself. */
  readonly #unkept = new Map<string, { plaintext: Uint8Array; arrivals: Arrival[] }>();

  constructor(
    private readonly creds: AuthenticationCreds,
    private readonly store: KeyStore,
    private readonly transactions: Transactions,
    /** What a message says, if that shall go with its commit. */
    private readonly says: (node: BinaryNode, plaintexts: [string, string][]) => Promise<Event[] | undefined>,
    /** Told when the last ciphertext of a message was opened and kept, or given up. */
    private readonly complete: (arrival: Arrival) => void,
    /** Whether the connection was given up, so that nothing that fails is the message's fault. */
    private readonly over: () => boolean,
  ) {}

  /** Remembers which stanza its ciphertexts belong to: Baileys hands only those on. Nothing when there are none. */
  arrived(node: BinaryNode): Arrival | undefined {
    const ciphertexts = ciphertextsOf(node);
    if (ciphertexts.length === 0)
      return undefined;
    let begin!: () => void;
    const begun = new Promise<void>(resolve => (begin = resolve));
    const arrival: Arrival = { node, left: ciphertexts.length, unkept: 0, plaintexts: [], begun, begin, at: Date.now(), told: false };
    for (const ciphertext of ciphertexts)
      this.#arrivals.set(ciphertext, arrival);
    return arrival;
  }

  wrap = (...args: Parameters<MakeRepository>): SignalRepositoryWithLIDStore => {
    const { get, set, transaction, isInTransaction, exclusive } = this.transactions;
    // The one object that all of Baileys uses for keys, before anything has used it.
    Object.assign(args[0].keys, { get, set, transaction, isInTransaction });
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(...args);
    for (const name of ratchetMethods) {
      const method = repository[name] as (...args: unknown[]) => Promise<unknown>;
      Object.assign(repository, { [name]: (...args: unknown[]) => exclusive(() => method(...args)) });
    }
    spareLookups(repository);
    const { decryptMessage, decryptGroupMessage } = repository;
    repository.decryptMessage = options => this.#open(options.ciphertext, () => decryptMessage(options));
    repository.decryptGroupMessage = options => this.#open(options.msg, () => decryptGroupMessage(options));
    return repository;
  };

  async #open(ciphertext: Uint8Array, decrypt: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const arrival = this.#arrivals.get(ciphertext);
    if (!arrival)
      return await this.transactions.exclusive(decrypt, 'in');
    arrival.begin();
    const hash = hashOf(ciphertext);
    const opened = await this.#openOnce(arrival, hash, decrypt);
    if ('error' in opened && this.over())
      throw opened.error;
    arrival.plaintexts.push('plaintext' in opened ? [hash, base64(opened.plaintext)] : [failureOf(hash), '']);
    arrival.left--;
    this.#completed(arrival);
    if ('error' in opened)
      throw opened.error;
    return opened.plaintext;
  }

  #completed(arrival: Arrival): void {
    if (arrival.left === 0 && arrival.unkept === 0)
      this.complete(arrival);
  }

  async #openOnce(arrival: Arrival, hash: string, decrypt: () => Promise<Uint8Array>): Promise<Opened> {
    // Only the offline queue repeats what was decrypted before; asking first for every message would cost a round trip.
    const repeated = !!arrival.node.attrs.offline;
    try {
      const unkept = this.#unkept.get(hash);
      if (unkept) {
        arrival.unkept++;
        unkept.arrivals.push(arrival);
        return unkept;
      }
      const saved = repeated ? await this.store.plaintext(hash) : undefined;
      if (saved)
        return { plaintext: saved };
      return { plaintext: await this.transactions.exclusive(() => this.#decryptAndKeep(arrival, hash, decrypt), 'in') };
    } catch (error) {
      if (this.over())
        return { error };
      const saved = repeated ? undefined : await this.store.plaintext(hash);
      if (saved)
        return { plaintext: saved };
      // Baileys now asks the sender to repeat it and tells the server to forget it: the placeholder must be durable before.
      await this.transactions.keep({ keys: {}, inbound: part(arrival, failureOf(hash), '') });
      return { error };
    }
  }

  async #decryptAndKeep(arrival: Arrival, hash: string, decrypt: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const plaintext = await decrypt();
    if (arrival.node.attrs.category === 'peer')
      await this.#keepSharedKeys(arrival.node, plaintext);
    const text = base64(plaintext);
    const events = arrival.left === 1 ? await this.says(arrival.node, [...arrival.plaintexts, [hash, text]]) : undefined;
    const arrivals = [arrival];
    this.#unkept.set(hash, { plaintext, arrivals });
    arrival.unkept++;
    this.transactions.receive(part(arrival, hash, text), events, () => (arrival.told = true), () => {
      this.#unkept.delete(hash);
      for (const kept of arrivals) {
        kept.unkept--;
        this.#completed(kept);
      }
    });
    return plaintext;
  }

  // The phone shares the keys of the app state once. Baileys stores them after the receipt, when a crash loses them.
  async #keepSharedKeys(node: BinaryNode, plaintext: Uint8Array): Promise<void> {
    const { me } = this.creds;
    if (!areJidsSameUser(node.attrs.from, me?.id) && !areJidsSameUser(node.attrs.from, me?.lid))
      return;
    const message = proto.Message.decode(unpadRandomMax16(plaintext));
    const shared = (message.deviceSentMessage?.message ?? message).protocolMessage?.appStateSyncKeyShare?.keys ?? [];
    for (const { keyId, keyData } of shared) {
      if (!keyId?.keyId || !keyData)
        continue;
      const id = Buffer.from(keyId.keyId).toString('base64');
      await this.transactions.set({ 'app-state-sync-key': { [id]: keyData } });
      this.creds.myAppStateKeyId = id;
      this.transactions.credsChanged();
    }
  }
}

/**
 * Baileys looks up the sender's other name before it opens a message, and when WhatsApp refuses to tell it, gives the message up with a
 * NACK. A sender whose other name nobody knows has no session under it, so nothing is missed.
 */
export function spareLookups({ lidMapping }: Pick<SignalRepositoryWithLIDStore, 'lidMapping'>): void {
  const find = lidMapping.getLIDForPN.bind(lidMapping);
  lidMapping.getLIDForPN = async pn => {
    try {
      return await find(pn);
    } catch (error) {
      log('warn', 'a lookup of another name failed', { reason: reasonOf(error) });
      return null;
    }
  };
}

function part(arrival: Arrival, hash: string, plaintext: string): StanzaRecord {
  arrival.at = Math.max(Date.now(), arrival.at + 1);
  return recordOf('message', arrival.node, [[hash, plaintext]], arrival.at);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
