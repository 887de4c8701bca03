import type {
  AccountId, AccountView, CatchUp, EventBody, EventKind, EventView, MessageCursor, MessagePage, MessageView, Seen, SendRequest, SendResult,
  SessionView, Snapshot, ThreadId, ThreadView, TypingView,
} from '../contracts.g.ts';
import { compare } from './messages.ts';
import { newestFirst } from './state.ts';
import type { Wire } from './wire.ts';

const pageSize = 5;

/** A hub as small as can be, with a database that is a few maps: the tests' measure of what a browser has to know. */
export class FakeHub {
  readonly accounts = new Map<AccountId, AccountView>();
  readonly threads = new Map<ThreadId, ThreadView>();
  readonly messages = new Map<number, MessageView>();
  readonly log = new Map<AccountId, EventView[]>([[0, []]]);
  readonly seqs = new Map<AccountId, number>([[0, 0]]);
  readonly wires = new Set<FakeWire>();
  /** Events whose frames were not handed out yet. */
  outgoing: EventView[] = [];
  #ids = 0;
  #at = 1_000;

  addAccount(): AccountView {
    const id = ++this.#ids;
    this.seqs.set(id, 0);
    this.log.set(id, []);
    this.accounts.set(id, { id, instanceId: `sender_${id}`, label: `Account ${id}`, phone: null, isActive: true, createdAt: 1, seq: 0, session });
    this.#event(0, 'account_changed', { account: this.#account(id) });
    return this.#account(id);
  }

  relabel(id: AccountId, label: string): void {
    this.accounts.set(id, { ...this.accounts.get(id)!, label });
    this.#event(id, 'account_changed', () => ({ account: this.#account(id) }));
  }

  session(id: AccountId, change: Partial<SessionView>): void {
    const account = this.accounts.get(id)!;
    this.accounts.set(id, { ...account, session: { ...account.session, ...change } });
    this.#event(id, 'session_changed', { session: this.accounts.get(id)!.session });
  }

  merge(gone: ThreadView, into: ThreadView): void {
    for (const message of [...this.messages.values()]) {
      if (message.threadId === gone.id) this.messages.set(message.id, { ...message, threadId: into.id });
    }
    this.threads.delete(gone.id);
    const newer = gone.lastMessageAt > into.lastMessageAt ? gone : into;
    const thread = { ...newer, id: into.id, title: into.title, unread: gone.unread + into.unread };
    this.threads.set(into.id, thread);
    this.#event(into.accountId, 'thread_changed', { thread, goneThread: gone.id });
  }

  remove(id: AccountId): void {
    this.#event(id, 'account_deleted', () => ({ account: this.#account(id) }));
    this.accounts.delete(id);
    for (const thread of [...this.threads.values()]) if (thread.accountId === id) this.threads.delete(thread.id);
    for (const message of [...this.messages.values()]) if (message.accountId === id) this.messages.delete(message.id);
  }

  message(accountId: AccountId, threadId: ThreadId | null, text: string, more: Partial<MessageView> = {}): MessageView {
    const at = more.at ?? (this.#at += 10);
    const thread = threadId === null ? this.#newThread(accountId) : this.threads.get(threadId)!;
    const id = ++this.#ids;
    const message: MessageView = {
      id, threadId: thread.id, accountId, waId: `WA${id}`, fromMe: false, sender: null, kind: 'text', text, at, status: 'received', error: null, seq: 0,
      editedAt: null, isRevoked: false, quotedWaId: null, clientToken: null, operator: null, reactions: [], ...more,
    };
    this.messages.set(id, message);
    return this.change(message, message.fromMe ? 0 : 1);
  }

  change(message: MessageView, unread = 0): MessageView {
    const seq = this.seqs.get(message.accountId)! + 1;
    const changed = { ...message, seq };
    this.messages.set(message.id, changed);
    const thread = this.threads.get(message.threadId)!;
    const last = changed.at >= thread.lastMessageAt;
    this.threads.set(thread.id, {
      ...thread,
      unread: thread.unread + unread,
      ...(last && { lastMessageAt: changed.at, lastText: changed.text, lastKind: changed.kind, lastFromMe: changed.fromMe, lastStatus: changed.status }),
    });
    this.#event(message.accountId, 'message_changed', { message: changed, thread: this.threads.get(thread.id)! });
    return changed;
  }

  snapshot(): Snapshot {
    return {
      at: this.#at,
      systemSeq: this.seqs.get(0)!,
      accounts: [...this.accounts.keys()].map((id) => this.#account(id)),
      threads: newestFirst(this.threads.values()),
    };
  }

  page(threadId: ThreadId, before: MessageCursor | null): MessagePage | null {
    const thread = this.threads.get(threadId);
    if (!thread) return null;
    const all = [...this.messages.values()].filter((message) => message.threadId === threadId).sort(compare);
    const older = before ? all.filter((message) => compare(message, before) < 0) : all;
    const messages = older.slice(-pageSize);
    const first = messages[0];
    const more = older.length > messages.length && first;
    return { threadId, accountId: thread.accountId, seq: this.seqs.get(thread.accountId)!, messages, before: more ? { at: first.at, id: first.id } : null };
  }

  catchUp(accountId: AccountId, after: number): CatchUp {
    const log = this.log.get(accountId) ?? [];
    const seq = this.seqs.get(accountId) ?? 0;
    if (after > seq || (after < seq && (log[0]?.seq ?? Infinity) > after + 1)) return { accountId, events: [], more: false, snapshotNeeded: true };
    const events = log.filter((event) => event.seq > after);
    return { accountId, events: events.slice(0, 3), more: events.length > 3, snapshotNeeded: false };
  }

  send({ threadId, clientToken, text }: SendRequest): SendResult {
    const thread = this.threads.get(threadId);
    if (!thread) return { message: null, refusal: 'not_found', sentence: 'This conversation is gone.' };
    const known = [...this.messages.values()].find((message) => message.clientToken === clientToken);
    const message = known ?? this.message(thread.accountId, threadId, text, { clientToken, fromMe: true, status: 'queued' });
    return { message, refusal: null, sentence: null };
  }

  /** Forgets the oldest events of an account, all but the newest. */
  prune(accountId: AccountId): void {
    this.log.set(accountId, this.log.get(accountId)!.slice(-1));
  }

  /** Hands out what changed, in one frame per wire; `lose` says which wires don't get it. */
  push(lose: (wire: FakeWire, event: EventView) => boolean = () => false): void {
    const events = this.outgoing.splice(0);
    for (const wire of this.wires) wire.hand(events.filter((event) => !lose(wire, event)));
  }

  /** Says the newest numbers to everyone, as with a keep-alive. */
  sayNumbers(): void {
    for (const wire of this.wires) wire.number([...this.seqs].map(([accountId, seq]) => ({ accountId, seq })));
  }

  #newThread(accountId: AccountId): ThreadView {
    const id = ++this.#ids;
    const thread: ThreadView = {
      id, accountId, title: `Contact ${id}`, phone: null, isGroup: false, lastMessageAt: 0, lastText: null, lastKind: 'text', lastFromMe: false,
      lastStatus: 'received', unread: 0,
    };
    this.threads.set(id, thread);
    return thread;
  }

  #account(id: AccountId): AccountView {
    return { ...this.accounts.get(id)!, seq: this.seqs.get(id)! };
  }

  #event(accountId: AccountId, kind: EventKind, body: Partial<EventBody> | (() => Partial<EventBody>)): void {
    const seq = this.seqs.get(accountId)! + 1;
    this.seqs.set(accountId, seq);
    const whole = { account: null, session: null, thread: null, message: null, goneThread: null, ...(typeof body === 'function' ? body() : body) };
    const event: EventView = { accountId, seq, at: this.#at, kind, body: whole };
    this.log.get(accountId)!.push(event);
    this.outgoing.push(event);
  }
}

/** One browser's connection to it. Answers come in a later turn than what they were read in, and in order, as over a network. */
export class FakeWire implements Wire {
  isOpen = false;
  isReachable = true;
  /** Answers wait until `release`. */
  isHeld = false;
  readonly asked: string[] = [];
  #changed: (events: readonly EventView[]) => void = () => undefined;
  #numbers: (newest: readonly Seen[]) => void = () => undefined;
  #typing: (typing: TypingView) => void = () => undefined;
  #closed: () => void = () => undefined;
  #answers: (() => void)[] = [];
  readonly #waiting = new Set<(error: Error) => void>();

  constructor(readonly hub: FakeHub) {}

  async start(): Promise<void> {
    await turn();
    if (!this.isReachable) throw new Error('unreachable');
    this.isOpen = true;
    this.hub.wires.add(this);
  }

  async stop(): Promise<void> {
    this.cut();
  }

  cut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.hub.wires.delete(this);
    for (const reject of this.#waiting) reject(new Error('closed'));
    this.#waiting.clear();
    this.#closed();
  }

  async invoke<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    if (!this.isOpen) throw new Error('not connected');
    this.asked.push(method);
    const answer = structuredClone(this.#answer(method, args)) as T;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      this.#answers.push(() => {
        if (this.#waiting.delete(reject)) resolve(answer);
      });
      void turn().then(() => {
        if (!this.isHeld) this.release();
      });
    });
  }

  release(): void {
    this.isHeld = false;
    for (const give of this.#answers.splice(0)) give();
  }

  hand(events: readonly EventView[]): void {
    if (events.length > 0) this.#changed(structuredClone(events));
  }

  number(newest: readonly Seen[]): void {
    this.#numbers(structuredClone(newest));
  }

  type(typing: TypingView): void {
    this.#typing(typing);
  }

  onChanged(take: (events: readonly EventView[]) => void): void {
    this.#changed = take;
  }

  onNumbers(take: (newest: readonly Seen[]) => void): void {
    this.#numbers = take;
  }

  onTyping(take: (typing: TypingView) => void): void {
    this.#typing = take;
  }

  onClosed(take: () => void): void {
    this.#closed = take;
  }

  #answer(method: string, args: readonly unknown[]): unknown {
    switch (method) {
      case 'snapshot': return this.hub.snapshot();
      case 'catchUpAll': return (args[0] as Seen[]).map(({ accountId, seq }) => this.hub.catchUp(accountId, seq));
      case 'catchUp': return this.hub.catchUp(args[0] as AccountId, args[1] as number);
      case 'thread': return this.hub.threads.get(args[0] as ThreadId) ?? null;
      case 'threads': return [];
      case 'messages': return this.hub.page(args[0] as ThreadId, args[1] as MessageCursor | null);
      case 'send': return this.hub.send(args[0] as SendRequest);
      case 'markRead': return undefined;
      default: throw new Error(`The fake hub knows no '${method}'.`);
    }
  }
}

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const session: SessionView = {
  status: 'init', qrStatus: 'none', reason: 'never_linked', action: 'scan_qr', attempt: 0, since: 1, retryAt: null, qrExpiresAt: null, lastError: null,
  lastConnectedAt: null, lastMessageAt: null, lastProofAt: null, updatedAt: 1, notices: [],
  openSince: null, lastEventAt: null, bridgeMemory: null,
};
