import type { AccountId, AccountView, EventView, MessageId, MessageView, Snapshot, ThreadId, ThreadView } from '../contracts.g.ts';
import { Changes } from './changes.ts';
import { withMessage, type ThreadMessages } from './messages.ts';

/** What this browser knows. Never changed in place: every step makes a new one that shares what stayed. */
export interface State {
  /** The newest number that was applied, per account; 0 is the system. */
  readonly seqs: ReadonlyMap<AccountId, number>;
  readonly accounts: ReadonlyMap<AccountId, AccountView>;
  /** Deleted ones: the system's number that made one may be fetched after the account's own number that ended it. */
  readonly removed: ReadonlySet<AccountId>;
  readonly threads: ReadonlyMap<ThreadId, ThreadView>;
  /** Threads that are another one now: a page that was read before must not bring them back. */
  readonly moved: ReadonlyMap<ThreadId, ThreadId>;
  /** Only the threads that were opened here. */
  readonly messages: ReadonlyMap<ThreadId, ThreadMessages>;
}

export interface Step {
  readonly state: State;
  readonly changes: Changes;
  /** Threads that turned out just now to be the same person as another one, which has their messages. */
  readonly moved: ReadonlyMap<ThreadId, ThreadId>;
  /** Accounts of which something is missing here: their number jumped, and nothing after it was applied; or they were not known before. */
  readonly gaps: ReadonlySet<AccountId>;
}

export const empty: State = { seqs: new Map(), accounts: new Map(), removed: new Set(), threads: new Map(), moved: new Map(), messages: new Map() };

/** A snapshot replaces everything; messages of opened threads stay visible until their page is read again. */
export function fromSnapshot(snapshot: Snapshot, before: State = empty): Step {
  const changes = new Changes();
  changes.all('threads');
  changes.all('accounts');
  const accounts = new Map(snapshot.accounts.map((account) => [account.id, account]));
  const messages = new Map<ThreadId, ThreadMessages>();
  for (const [id, page] of before.messages) {
    changes.all(`messages:${id}`);
    const account = accounts.get(page.accountId);
    if (account) messages.set(id, { ...page, since: account.seq, loaded: false, strays: new Map() });
  }
  const seqs = new Map<AccountId, number>([[0, snapshot.systemSeq]]);
  for (const account of snapshot.accounts) seqs.set(account.id, account.seq);
  return {
    state: { seqs, accounts, removed: new Set(), moved: new Map(), threads: new Map(snapshot.threads.map((thread) => [thread.id, thread])), messages },
    changes,
    moved: new Map(),
    gaps: new Set(),
  };
}

/** Applies events in the order given. An old number changes nothing; after a jump the account waits for its catch-up. */
export function apply(state: State, ...events: readonly EventView[]): Step {
  const draft = new Draft(state);
  for (const event of events) draft.take(event);
  return { state: draft.state(), changes: draft.changes, moved: draft.moved, gaps: draft.gaps };
}

/** Older threads, or one that a link named. What events told already is never older than a page. */
export function withThreads(state: State, page: readonly ThreadView[]): Step {
  const changes = new Changes();
  const threads = new Map(state.threads);
  for (const thread of page) {
    if (threads.has(thread.id) || state.moved.has(thread.id) || !state.accounts.has(thread.accountId)) continue;
    threads.set(thread.id, thread);
    changes.add('threads', thread.id);
  }
  return { state: { ...state, threads }, changes, moved: new Map(), gaps: new Set() };
}

/** One that has no message yet is in no list. */
export function newestFirst(threads: Iterable<ThreadView>): ThreadView[] {
  return [...threads].filter((thread) => thread.lastMessageAt > 0).sort((a, b) => b.lastMessageAt - a.lastMessageAt || b.id - a.id);
}

class Draft {
  readonly changes = new Changes();
  readonly moved = new Map<ThreadId, ThreadId>();
  readonly gaps = new Set<AccountId>();
  readonly #before: State;
  #seqs: Map<AccountId, number>;
  #accounts: Map<AccountId, AccountView> | undefined;
  #removed: ReadonlySet<AccountId>;
  #threads: Map<ThreadId, ThreadView> | undefined;
  #messages: Map<ThreadId, ThreadMessages> | undefined;

  constructor(before: State) {
    this.#before = before;
    this.#seqs = new Map(before.seqs);
    this.#removed = before.removed;
  }

  state(): State {
    return {
      seqs: this.#seqs,
      accounts: this.#accounts ?? this.#before.accounts,
      removed: this.#removed,
      threads: this.#threads ?? this.#before.threads,
      moved: this.moved.size > 0 ? new Map([...this.#before.moved, ...this.moved]) : this.#before.moved,
      messages: this.#messages ?? this.#before.messages,
    };
  }

  take(event: EventView): void {
    const seen = this.#seqs.get(event.accountId) ?? 0;
    if (event.seq <= seen) return;
    if (event.seq !== seen + 1 || this.gaps.has(event.accountId)) {
      this.gaps.add(event.accountId);
      return;
    }
    this.#seqs.set(event.accountId, event.seq);
    const { account, session, thread, message, goneThread } = event.body;
    if (event.kind === 'account_deleted') {
      this.#remove(account?.id ?? event.accountId);
      return;
    }
    if (account) this.#account(account);
    if (session) this.#session(event, session);
    if (thread) this.#thread(thread);
    if (goneThread !== null && thread) this.#move(goneThread, thread.id, event.seq);
    if (message) this.#message(message);
  }

  /** An account's view may come in the system's numbers and in its own: the one read later wins. */
  #account(account: AccountView): void {
    const known = this.state().accounts.get(account.id);
    if (this.#removed.has(account.id) || (known && known.seq > account.seq)) return;
    if (!this.#seqs.has(account.id)) {
      this.#seqs.set(account.id, 0);
      this.gaps.add(account.id);
    }
    this.#accountMap().set(account.id, account);
    this.changes.add('accounts', account.id);
  }

  #session(event: EventView, session: AccountView['session']): void {
    const account = this.state().accounts.get(event.accountId);
    if (!account || account.seq > event.seq) return;
    this.#accountMap().set(account.id, { ...account, session, seq: event.seq });
    this.changes.add('accounts', account.id);
  }

  #thread(thread: ThreadView): void {
    this.#threads ??= new Map(this.#before.threads);
    this.#threads.set(thread.id, thread);
    this.changes.add('threads', thread.id);
  }

  #message(message: MessageView): void {
    const page = this.state().messages.get(message.threadId);
    if (!page) return;
    this.#messages ??= new Map(this.#before.messages);
    this.#messages.set(message.threadId, withMessage(page, message));
    this.changes.add(`messages:${message.threadId}`, keyOf(message));
  }

  /** The messages keep their numbers, so the other thread's page has to be read again. */
  #move(gone: ThreadId, to: ThreadId, since: number): void {
    this.moved.set(gone, to);
    this.#threads!.delete(gone);
    this.changes.add('threads', gone);
    const messages = new Map(this.state().messages);
    const page = messages.get(to) ?? messages.get(gone);
    if (!page) return;
    messages.delete(gone);
    messages.set(to, { ...page, since, loaded: false });
    this.#messages = messages;
    this.changes.all(`messages:${gone}`);
    this.changes.all(`messages:${to}`);
  }

  #remove(id: AccountId): void {
    this.#accountMap().delete(id);
    this.#removed = new Set([...this.#removed, id]);
    this.changes.add('accounts', id);
    this.#threads = new Map([...this.state().threads].filter(([, thread]) => thread.accountId !== id));
    this.changes.all('threads');
    this.#messages = new Map(this.state().messages);
    for (const [threadId, page] of this.#messages) {
      if (page.accountId !== id) continue;
      this.#messages.delete(threadId);
      this.changes.all(`messages:${threadId}`);
    }
  }

  #accountMap(): Map<AccountId, AccountView> {
    return (this.#accounts ??= new Map(this.#before.accounts));
  }
}

/** The key of a bubble's element: the same before and after the sender's own bubble became final. */
export function keyOf(message: Pick<MessageView, 'id' | 'clientToken'>): string {
  return message.clientToken ?? String(message.id as MessageId);
}
