import { AsyncLocalStorage } from 'node:async_hooks';
import type { Event } from './events.ts';
import type { Batch, KeyStore } from './keys.ts';
import { KeyedMutex, Mutex } from './mutex.ts';
import type { StanzaRecord } from './records.ts';

interface Context {
  batch: Batch;
  /** A message that comes in is committed once, at the end; one that goes out, whenever something of it would reach the wire. */
  direction: 'in' | 'out';
  /** The account's one right to touch ratchets, from the first touch until the commit. */
  lock?: Promise<() => void>;
  touching: number;
  committing?: Promise<void>;
  over: boolean;
}

/**
 * The transactions of one account's keys, put in the place of Baileys' own, which have two faults for us:
 *
 * - They commit after the work, and the work of a send ends with writing the stanza. A crash between the two would restore
 *   an older ratchet, and the next message would be encrypted with a key that is already on the wire. Here `beforeWire`
 *   commits what is pending first, together with the protobuf that answers retries, and the stanza waits for the answer.
 * - A send keeps sessions that it read in a cache of its own and writes them over what a message received meanwhile has
 *   changed. Here every read is fresh, and whoever touches a ratchet holds the account's one lock until the commit.
 */
export class Transactions {
  readonly #current = new AsyncLocalStorage<Context>();
  readonly #named = new KeyedMutex();
  readonly #ratchets = new Mutex();

  constructor(private readonly store: KeyStore) {}

  isInTransaction = (): boolean => this.#context() !== undefined;

  get = async (type: string, ids: string[]): Promise<Record<string, any>> => {
    const changes = this.#context()?.batch.keys[type];
    const fresh = changes ? ids.filter(id => !(id in changes)) : ids;
    const found = fresh.length > 0 ? await this.store.read(type, fresh) : {};
    if (changes)
      for (const id of ids)
        if (changes[id] !== undefined && changes[id] !== null)
          found[id] = changes[id];
    return found;
  };

  set = async (data: Record<string, Record<string, unknown>>): Promise<void> => {
    const context = this.#context();
    if (!context)
      return await this.store.commit({ keys: data });
    for (const [type, changes] of Object.entries(data))
      Object.assign(context.batch.keys[type] ??= {}, changes);
  };

  /** Everything that `work` sets is committed when it ends, or not at all. Inside another transaction it is part of that. */
  transaction = async <T>(work: () => Promise<T>, name?: string, direction: 'in' | 'out' = 'out'): Promise<T> => {
    if (this.#context())
      return await work();
    return name === undefined ? await this.#run(work, direction) : await this.#named.run(name, () => this.#run(work, direction));
  };

  /** A transaction during which nobody else reads or writes a ratchet of this account, until it is committed. */
  exclusive = <T>(work: () => Promise<T>, direction: 'in' | 'out' = 'out'): Promise<T> =>
    this.transaction(async () => {
      const context = this.#context()!;
      context.touching++;
      try {
        await (context.lock ??= this.#ratchets.acquire());
        return await work();
      } finally {
        context.touching--;
      }
    }, undefined, direction);

  /** Adds the stanza and its plaintext, and perhaps what it says, to the commit that holds the ratchet. */
  receive(record: StanzaRecord, events: Event[] | undefined, told: () => void): void {
    Object.assign(this.#context()!.batch, { inbound: record, events, told });
  }

  /** Adds what answers a retry of a message to the commit that holds the ratchet. */
  send(messageId: string, proto: string): void {
    this.#context()!.batch.sent = { messageId, proto };
  }

  /** Says that the credentials changed; true when the running transaction takes them along. */
  credsChanged(): boolean {
    const context = this.#context();
    if (!context)
      return false;
    context.batch.creds = true;
    return true;
  }

  /** What a frame that is about to be written has to wait for, if anything. */
  beforeWire(): Promise<void> | undefined {
    const context = this.#context();
    if (context?.direction !== 'out')
      return undefined;
    return context.committing || hasChanges(context.batch) ? this.#commit(context) : undefined;
  }

  // Baileys starts work inside a transaction that it does not wait for; what that does after the end is on its own.
  #context(): Context | undefined {
    const context = this.#current.getStore();
    return context?.over ? undefined : context;
  }

  async #run<T>(work: () => Promise<T>, direction: 'in' | 'out'): Promise<T> {
    const context: Context = { batch: { keys: {} }, direction, touching: 0, over: false };
    try {
      const result = await this.#current.run(context, work);
      if (context.committing || hasChanges(context.batch))
        await this.#commit(context);
      return result;
    } finally {
      context.over = true;
      release(context);
    }
  }

  async #commit(context: Context): Promise<void> {
    while (context.committing)
      await context.committing;
    if (!hasChanges(context.batch))
      return;
    const batch = context.batch;
    context.batch = { keys: {} };
    context.committing = this.store.commit(batch);
    try {
      await context.committing;
    } finally {
      context.committing = undefined;
      if (context.touching === 0 && !hasChanges(context.batch))
        release(context);
    }
  }
}

function release(context: Context): void {
  const { lock } = context;
  context.lock = undefined;
  void lock?.then(unlock => unlock());
}

function hasChanges(batch: Batch): boolean {
  for (const type in batch.keys)
    for (const _ in batch.keys[type])
      return true;
  return batch.inbound !== undefined || batch.creds === true;
}
