import type { AccountId, CatchUp, EventView, Seen, Snapshot } from '../contracts.g.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store.ts';
import type { Wire } from './wire.ts';

/** on: connected and caught up; late: not yet again; off: it has been away for longer. */
export type Link = 'on' | 'late' | 'off';

export const backoff: readonly number[] = [0, 300, 1_000, 2_000, 5_000, 10_000];
const lateFor = 4;
const checkMs = 3_000;
const steadyMs = 2_000;

export interface Owner {
  /** False when the person's sign-in has ended: then there is nothing to come back to. */
  isSignedIn(): Promise<boolean>;
  /** Nothing is missing any more. */
  caughtUp(): void;
  /** A snapshot took the place of everything; pages of messages have to be read again. */
  replaced(): void;
}

/**
 * The one owner of the connection: opens it again for ever, and lets nothing fall between. The hub puts a connection into its groups
 * before it answers the first call, so whatever is not in a catch-up's answer arrives by itself.
 */
export class Connection {
  #link: Link = 'late';
  #early = new AbortController();
  #waiting: (() => void)[] = [];
  #filling = new Map<AccountId, { again: boolean }>();
  #catchingUp = false;

  constructor(
    private readonly wire: Wire,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly owner: Owner,
  ) {
    wire.onChanged((events) => this.#take(events));
    wire.onNumbers((newest) => this.#compare(newest));
  }

  get link(): Link {
    return this.#link;
  }

  /** Runs until the sign-in has ended. */
  async run(): Promise<void> {
    let close = (): void => undefined;
    this.wire.onClosed(() => close());
    for (let failures = 0; ; ) {
      await this.#pause(failures);
      const closed = new Promise<void>((resolve) => (close = resolve));
      try {
        await this.wire.start();
        await this.#catchUp();
        this.#set('on');
        const since = this.clock.now();
        await closed;
        this.#set('late');
        // A hub that lets in and throws out at once must not be asked in a circle.
        failures = this.clock.now() - since < steadyMs ? failures + 1 : 0;
      } catch {
        failures++;
        await this.wire.stop().catch(() => undefined);
        if (failures >= lateFor) this.#set('off');
        if (!(await this.owner.isSignedIn().catch(() => true))) return this.#set('off');
      }
    }
  }

  /** The network came back, or the person did: try at once, and don't trust a connection that slept. */
  async wake(): Promise<void> {
    this.#early.abort();
    if (this.#link !== 'on') return;
    const answered = new AbortController();
    const late = this.clock.wait(checkMs, answered.signal).then(() => answered.signal.aborted || Promise.reject(new Error('late')));
    try {
      await Promise.race([this.#askAll().then(() => answered.abort()), late]);
    } catch {
      await this.wire.stop().catch(() => undefined);
    } finally {
      answered.abort();
    }
  }

  /** Asks as often as it takes: for reads, and for what the hub recognises when it comes twice. */
  async ask<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    for (;;) {
      if (this.#link !== 'on') await new Promise<void>((resolve) => this.#waiting.push(resolve));
      try {
        return await this.wire.invoke<T>(method, ...args);
      } catch (error) {
        if (this.wire.isOpen) throw error;
        if (this.#link === 'on') this.#set('late');
      }
    }
  }

  /** Asks once. */
  once<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    return this.wire.invoke<T>(method, ...args);
  }

  async #pause(failures: number): Promise<void> {
    const wait = backoff[Math.min(failures, backoff.length - 1)]!;
    if (wait === 0) return;
    this.#early = new AbortController();
    // Many browsers lose the same server at once: they should not all come back at once.
    await this.clock.wait(wait * (0.75 + Math.random() / 2), this.#early.signal);
  }

  #take(events: readonly EventView[]): void {
    for (const account of this.store.apply(events)) this.#missing(account);
  }

  /** A higher number than is known here: its frame was lost on a connection that looks well. An unknown account comes with account 0's events. */
  #compare(newest: readonly Seen[]): void {
    for (const { accountId, seq } of newest) {
      if (seq > (this.store.state.seqs.get(accountId) ?? Infinity)) this.#missing(accountId);
    }
  }

  #missing(account: AccountId): void {
    const filling = this.#filling.get(account);
    if (filling) filling.again = true;
    else if (this.#catchingUp) this.#filling.set(account, { again: true });
    else void this.#fill(account).catch(() => (this.wire.isOpen ? this.wire.stop() : undefined));
  }

  async #catchUp(): Promise<void> {
    this.#catchingUp = true;
    this.#filling.clear();
    try {
      await this.#askAll();
      while (this.#filling.size > 0) {
        for (const account of [...this.#filling.keys()]) await this.#fill(account);
      }
    } finally {
      this.#catchingUp = false;
    }
  }

  async #askAll(): Promise<void> {
    const seen: Seen[] = [...this.store.state.seqs].map(([accountId, seq]) => ({ accountId, seq }));
    if (seen.length === 0) return this.#snapshot();
    const answers = await this.wire.invoke<readonly CatchUp[]>('catchUpAll', seen);
    if (answers.some((answer) => answer.snapshotNeeded)) return this.#snapshot();
    for (const answer of answers) {
      for (const gap of this.store.apply(answer.events)) this.#missing(gap);
      if (answer.more) this.#missing(answer.accountId);
    }
  }

  /** What arrived while the snapshot was under way may be younger than it: hence the catch-up after it. */
  async #snapshot(): Promise<void> {
    this.store.replace(await this.wire.invoke<Snapshot>('snapshot'));
    this.owner.replaced();
    await this.#askAll();
  }

  async #fill(account: AccountId): Promise<void> {
    const filling = { again: true };
    this.#filling.set(account, filling);
    try {
      while (filling.again) {
        filling.again = false;
        const after = this.store.state.seqs.get(account) ?? 0;
        const answer = await this.wire.invoke<CatchUp>('catchUp', account, after);
        if (answer.snapshotNeeded) {
          await this.#snapshot();
          continue;
        }
        for (const gap of this.store.apply(answer.events)) this.#missing(gap);
        if (answer.more) filling.again = true;
      }
    } finally {
      this.#filling.delete(account);
    }
  }

  #set(link: Link): void {
    if (this.#link === link) return;
    this.#link = link;
    if (link === 'on') {
      for (const resolve of this.#waiting.splice(0)) resolve();
      this.owner.caughtUp();
    }
    this.store.changed('live', link);
  }
}
