import type {
  AccountId, AccountView, IOperatorHub, MessagePage, MessageView, SendResult, Snapshot, ThreadId, ThreadView,
} from '../contracts.g.ts';
import type { Topic } from './changes.ts';
import type { Clock } from './clock.ts';
import { Connection, type Link } from './connection.ts';
import { Outbox, type Place } from './outbox.ts';
import { ReadMarks } from './readMarks.ts';
import { Store, type Listener } from './store.ts';
import { Typing } from './typing.ts';
import type { Wire } from './wire.ts';

export interface ThreadItems {
  /** Oldest first, with the sender's bubbles that are not final. */
  readonly items: readonly MessageView[];
  readonly hasOlder: boolean;
  readonly loaded: boolean;
}

export interface Surroundings {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly place: Place;
  /** Resolves when the next frame is about to be drawn. */
  frame(): Promise<void>;
  isSignedIn(): Promise<boolean>;
  token(): string;
}

/** Everything that a page can ask of the live core. It knows no DOM. */
export class Client {
  readonly #store = new Store();
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #typing: Typing;
  readonly #loading = new Map<ThreadId, Promise<boolean>>();
  readonly #older = new Map<ThreadId, Promise<void>>();
  readonly #read: ReadMarks;

  /** The hub's methods, each asked once: rejected when there is no connection. */
  readonly hub: IOperatorHub;

  constructor(private readonly around: Surroundings) {
    const { wire, clock, place, frame } = around;
    this.#connection = new Connection(wire, this.#store, clock, {
      isSignedIn: () => around.isSignedIn(),
      caughtUp: () => this.#outbox.resume(),
      replaced: () => this.#reread(),
    });
    this.#outbox = new Outbox(
      place,
      (request) => this.#connection.ask<SendResult>('send', request),
      // A message must not wait on its way out for its own bubble, which is there in the next frame.
      (pending) => void frame().then(() => this.#store.changed(`messages:${pending.threadId}`, pending.token)),
      (message) => this.#store.message(message),
    );
    this.#read = new ReadMarks(clock, (threadId, upTo) => this.#connection.ask('markRead', threadId, upTo));
    this.#typing = new Typing(clock, (threadId) => this.#store.changed(`typing:${threadId}`, threadId));
    wire.onTyping((typing) => this.#typing.take(typing));
    this.#store.onMessage = (message) => this.#outbox.settle(message.clientToken);
    this.#store.onMoved = (gone, to) => {
      this.#outbox.move(gone, to);
      if (this.#store.isHeard(`messages:${to}`)) void this.open(to).catch(() => undefined);
    };
    this.hub = new Proxy({} as IOperatorHub, {
      get: (_, method: string) => (...args: unknown[]) => this.#connection.once(method, ...args),
    });
  }

  /** What the page was drawn with. A page of messages that is older than the snapshot is read again when its thread is opened. */
  begin(snapshot: Snapshot, page: MessagePage | null): void {
    this.#store.replace(snapshot);
    if (!page) return;
    this.#store.await(page.threadId, page.accountId);
    this.#store.newest(page);
  }

  /** Until the sign-in has ended. */
  connect(): Promise<void> {
    return this.#connection.run();
  }

  wake(): Promise<void> {
    return this.#connection.wake();
  }

  on(topic: Topic, listener: Listener, signal?: AbortSignal): void {
    this.#store.on(topic, listener, signal);
  }

  link(): Link {
    return this.#connection.link;
  }

  accounts(): readonly AccountView[] {
    return [...this.#store.state.accounts.values()].sort((a, b) => a.id - b.id);
  }

  account(id: AccountId): AccountView | undefined {
    return this.#store.state.accounts.get(id);
  }

  threads(): readonly ThreadView[] {
    return this.#store.threads();
  }

  thread(id: ThreadId): ThreadView | undefined {
    return this.#store.state.threads.get(id);
  }

  /** The thread that has the messages of one that turned out to be the same person; the given one when it is still itself. */
  current(id: ThreadId): ThreadId {
    const { moved } = this.#store.state;
    for (let to = moved.get(id); to !== undefined; to = moved.get(id)) id = to;
    return id;
  }

  messages(id: ThreadId): ThreadItems {
    const held = this.#store.state.messages.get(id);
    return {
      items: this.#outbox.overlay(id, held?.items ?? []),
      hasOlder: held?.before != null,
      loaded: held?.loaded ?? false,
    };
  }

  typing(id: ThreadId): boolean {
    return this.#typing.isComposing(id);
  }

  /** Reads the newest page unless it is here; false when there is no such thread. */
  open(id: ThreadId): Promise<boolean> {
    if (this.#store.state.messages.get(id)?.loaded) return Promise.resolve(true);
    let loading = this.#loading.get(id);
    if (!loading) {
      loading = this.#load(id).finally(() => this.#loading.delete(id));
      this.#loading.set(id, loading);
    }
    return loading;
  }

  /** Reads the page before the oldest message here. */
  older(id: ThreadId): Promise<void> {
    const before = this.#store.state.messages.get(id)?.before;
    if (!before) return Promise.resolve();
    let loading = this.#older.get(id);
    if (!loading) {
      loading = this.#connection
        .ask<MessagePage | null>('messages', id, before)
        .then((page) => {
          if (page) this.#store.older(page, before);
        })
        .finally(() => this.#older.delete(id));
      this.#older.set(id, loading);
    }
    return loading;
  }

  /** Reads threads older than all here; false when there are none. */
  async olderThreads(): Promise<boolean> {
    const last = this.threads().at(-1);
    if (!last) return false;
    const page = await this.#connection.ask<readonly ThreadView[]>('threads', last.lastMessageAt, last.id);
    this.#store.addThreads(page);
    return page.length > 0;
  }

  /** Its bubble is among the messages when this returns, and drawn with the next frame; gives the bubble's token. */
  send(threadId: ThreadId, text: string): string {
    const token = this.around.token();
    const accountId = this.thread(threadId)?.accountId ?? 0;
    this.#outbox.add({ token, threadId, accountId, text, at: this.around.clock.now() });
    return token;
  }

  /** Sends a refused bubble again. */
  retry(token: string): void {
    this.#outbox.retry(token);
  }

  /** Removes a refused bubble; gives its text back. */
  discard(token: string): string | undefined {
    return this.#outbox.discard(token)?.text;
  }

  /** Everything that is shown of this thread was read. */
  markRead(id: ThreadId): void {
    const newest = this.#store.state.messages.get(id)?.items.findLast((message) => !message.fromMe);
    if (!newest || !this.thread(id)?.unread) return;
    this.#store.read(id);
    this.#read.mark(id, newest.id);
  }

  /** The page may be going: what waits to be said is said now. */
  flush(): void {
    this.#read.flush();
  }

  async #load(id: ThreadId): Promise<boolean> {
    for (;;) {
      const thread = this.thread(id) ?? (await this.#connection.ask<ThreadView | null>('thread', id));
      if (!thread || !this.account(thread.accountId)) break;
      this.#store.addThreads([thread]);
      this.#store.await(id, thread.accountId);
      const page = await this.#connection.ask<MessagePage | null>('messages', id, null);
      if (!page) break;
      this.#store.newest(page);
      if (!this.#store.state.messages.get(id)?.loaded) continue;
      for (const message of page.messages) this.#outbox.settle(message.clientToken);
      return true;
    }
    this.#store.forget(id);
    return false;
  }

  /** After a snapshot: what somebody looks at is read again at once, the rest when it is opened. */
  #reread(): void {
    this.#read.clear();
    for (const id of this.#store.state.messages.keys()) {
      if (this.#store.isHeard(`messages:${id}`)) void this.open(id).catch(() => undefined);
      else this.#store.forget(id);
    }
  }
}
