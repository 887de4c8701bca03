import { AsyncLocalStorage } from 'node:async_hooks';
import type { Event } from './events.ts';
import type { Batch, KeyStore } from './keys.ts';
import { KeyedMutex, Mutex } from './mutex.ts';
import type { StanzaRecord } from './records.ts';

export interface Terms {
  /**
   * A message that comes in is committed once, at the end, and nobody waits for that but what would reach the wire; one that goes out is
   * committed when something of it would reach the wire, and at the end.
   */
  direction: 'in' | 'out';
  /** What has to be committed before something reaches the wire is, as soon as nothing touches a ratchet any more: for what touches them once. */
  early?: boolean;
  /** Whoever touched a ratchet goes on when this resolves, and with what was touched undone when it rejects. */
  permission?: Promise<void>;
}

interface Context extends Terms {
  batch: Batch;
  /** The account's one right to touch ratchets, from the first touch until the commit, or until the next may see what it leaves. */
  lock?: Promise<() => void>;
  touching: number;
  /** What was touched may be committed. */
  permitted: boolean;
  committing?: Promise<void>;
  /** The commit that a frame of it did not wait for. */
  following?: Promise<void>;
  kept?: () => void;
  over: boolean;
}

/**
 * The transactions of one account's keys, put in the place of Baileys' own, which have two faults for us:
 *
 * - They commit after the work, and the work of a send ends with writing the stanza. A crash between the two would restore
 *   an older ratchet, and the next message would be encrypted with a key that is already on the wire. Here `beforeWire`
 *   commits what is pending first, together with the protobuf that answers retries, and the stanza waits for the answer; unless the
 *   database has the ratchet further on already (see `withReserve`): then the commit follows the stanza.
 * - A send keeps sessions that it read in a cache of its own and writes them over what a message received meanwhile has
 *   changed. Here every read is fresh, and whoever touches a ratchet holds the account's one lock.
 *
 * Commits follow one another, each asked for when the one before was answered: so one that builds on another is never kept without it. The
 * next message is opened while the last one's commit is on its way. It sees what that holds; and no frame leaves before all that was opened is
 * kept, so a commit that fails takes with it, unheard, whatever came after.
 */
export class Transactions {
  readonly #current = new AsyncLocalStorage<Context | 'handling'>();
  readonly #named = new KeyedMutex();
  readonly #ratchets = new Mutex();
  /** What commits on their way hold, by type and id. */
  readonly #ahead = new Map<string, Map<string, unknown>>();
  #last: Promise<void> = Promise.resolve();
  #lastButOne: Promise<void> = Promise.resolve();
  #unanswered = 0;

  constructor(private readonly store: KeyStore) {}

  isInTransaction = (): boolean => this.#context() !== undefined;

  get = async (type: string, ids: string[]): Promise<Record<string, any>> => {
    const changes = this.#context()?.batch.keys[type];
    const ahead = this.#ahead.get(type);
    if (!changes && !ahead)
      return await this.store.read(type, ids);
    const found: Record<string, any> = {};
    const fresh: string[] = [];
    for (const id of ids) {
      const change = changes && id in changes ? changes[id] ?? null : ahead?.get(id);
      if (change === undefined)
        fresh.push(id);
      else if (change !== null)
        found[id] = change;
    }
    return fresh.length > 0 ? Object.assign(found, await this.store.read(type, fresh)) : found;
  };

  set = async (data: Record<string, Record<string, unknown>>): Promise<void> => {
    const context = this.#context();
    if (!context) {
      if (this.#isStray)
        throw new Error('The message that this belongs to was given up.');
      return await this.keep({ keys: data });
    }
    for (const [type, changes] of Object.entries(data))
      Object.assign(context.batch.keys[type] ??= {}, changes);
  };

  /** Everything that `work` sets is committed when it ends, or not at all. Inside another transaction it is part of that. */
  transaction = async <T>(work: () => Promise<T>, name?: string, terms: Terms = { direction: 'out' }): Promise<T> => {
    if (this.#context())
      return await work();
    return name === undefined ? await this.#run(work, terms) : await this.#named.run(name, () => this.#run(work, terms));
  };

  /** A transaction during which nobody else reads or writes a ratchet of this account. */
  exclusive = <T>(work: () => Promise<T>, direction: 'in' | 'out' = 'out'): Promise<T> =>
    this.transaction(async () => {
      const context = this.#context()!;
      context.touching++;
      let result: T;
      try {
        if (direction === 'in')
          await this.#almostKept();
        await (context.lock ??= this.#ratchets.acquire());
        result = await work();
        await context.permission;
        context.permitted = true;
      } finally {
        context.touching--;
      }
      if (context.early && context.touching === 0 && !this.store.mayFollow(context.batch))
        this.#commit(context).catch(() => {}); // It has cut the connection, and whatever would reach the wire waits for the same.
      return result;
    }, undefined, { direction });

  /** Adds the stanza and its plaintext, and perhaps what it says, to the commit that holds the ratchet; `kept` is called when that was answered. */
  receive(record: StanzaRecord, events: Event[] | undefined, told: () => void, kept: () => void): void {
    const context = this.#context()!;
    Object.assign(context.batch, { inbound: record, events, told });
    context.kept = kept;
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

  /** What a frame that is about to be written has to wait for, if anything: its own commit, or those of all that was opened. */
  beforeWire(): Promise<void> | undefined {
    const context = this.#context();
    // Without its permission a message only looks things up.
    if (context?.direction === 'out' && context.permitted && (context.committing || hasChanges(context.batch))) {
      if (context.committing || !this.store.mayFollow(context.batch))
        return this.#commit(context);
      // After the frame, and whatever becomes of the rest of the work.
      queueMicrotask(() => {
        context.following = this.#commit(context);
        context.following.catch(() => {}); // It has cut the connection.
      });
    }
    return this.#unanswered > 0 ? this.#last : undefined;
  }

  /** Runs what Baileys does about a stanza that came in. */
  handling<T>(work: () => T): T {
    return this.#current.run('handling', work);
  }

  /** Something is being done about a stanza that came in, and no message is being sent for that. */
  get isHandling(): boolean {
    return this.#current.getStore() === 'handling';
  }

  /** One commit on its way is what the next message may run ahead of: with more, everything that leaves would wait for a line of them. */
  async #almostKept(): Promise<void> {
    if (this.#unanswered > 1)
      await this.#lastButOne.catch(() => {}); // Then this one fails, too.
  }

  // Of several encryptions of a message one may still be at work when another made the message fail, and the lock is somebody else's.
  get #isStray(): boolean {
    const context = this.#current.getStore();
    return typeof context === 'object' && context.over && context.touching > 0;
  }

  // Baileys starts work inside a transaction that it does not wait for; what that does after the end is on its own.
  #context(): Context | undefined {
    const context = this.#current.getStore();
    return context === 'handling' || context?.over ? undefined : context;
  }

  async #run<T>(work: () => Promise<T>, terms: Terms): Promise<T> {
    const context: Context = { ...terms, batch: { keys: {} }, touching: 0, permitted: !terms.permission, over: false };
    try {
      const result = await this.#current.run(context, work);
      if (context.direction === 'in')
        this.keep(context.batch).then(context.kept, () => {}); // A failure has cut the connection.
      else if (context.committing || hasChanges(context.batch))
        await this.#commit(context);
      await context.following;
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
    context.committing = this.keep(batch);
    try {
      await context.committing;
    } finally {
      context.committing = undefined;
      if (context.touching === 0 && !hasChanges(context.batch))
        release(context);
    }
  }

  /** Commits after all others, and lets everybody see at once what is on its way. */
  async keep(batch: Batch): Promise<void> {
    const before = this.#last;
    const kept = this.#unanswered++ === 0 ? this.store.commit(batch) : before.then(() => this.store.commit(batch));
    this.#lastButOne = before;
    this.#last = kept;
    this.#show(batch);
    // After a failure all that follows fails, and no frame leaves any more.
    await kept;
    this.#unanswered--;
    this.#hide(batch);
  }

  #show({ keys }: Batch): void {
    for (const type in keys) {
      let ahead = this.#ahead.get(type);
      if (!ahead)
        this.#ahead.set(type, ahead = new Map());
      for (const id in keys[type])
        ahead.set(id, keys[type][id] ?? null);
    }
  }

  #hide({ keys }: Batch): void {
    for (const type in keys) {
      const ahead = this.#ahead.get(type)!;
      for (const id in keys[type])
        if (ahead.get(id) === (keys[type][id] ?? null))
          ahead.delete(id);
      if (ahead.size === 0)
        this.#ahead.delete(type);
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
