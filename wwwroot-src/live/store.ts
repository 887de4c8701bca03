import type { EventView, MessagePage, MessageCursor, Snapshot, ThreadId, AccountId, ThreadView, MessageView } from '../contracts.g.ts';
import { Changes, type Changed, type Topic } from './changes.ts';
import { awaited, withMessage, withNewest, withOlder, type ThreadMessages } from './messages.ts';
import { apply, empty, fromSnapshot, keyOf, newestFirst, withThreads, type State, type Step } from './state.ts';

export type Listener = (changed: Changed) => void;

/** Holds the state and tells who waits for a topic what changed in it; listeners run at once, after the whole step. */
export class Store {
  #state: State = empty;
  /** Told of every message that events bring, opened thread or not. */
  onMessage: (message: MessageView) => void = () => undefined;
  onMoved: (gone: ThreadId, to: ThreadId) => void = () => undefined;
  #order: readonly ThreadView[] | undefined;
  readonly #listeners = new Map<Topic, Set<Listener>>();

  get state(): State {
    return this.#state;
  }

  on(topic: Topic, listener: Listener, signal?: AbortSignal): void {
    if (signal?.aborted) return;
    let listeners = this.#listeners.get(topic);
    if (!listeners) this.#listeners.set(topic, (listeners = new Set()));
    listeners.add(listener);
    signal?.addEventListener('abort', () => listeners.delete(listener), { once: true });
  }

  isHeard(topic: Topic): boolean {
    return (this.#listeners.get(topic)?.size ?? 0) > 0;
  }

  /** Newest first. */
  threads(): readonly ThreadView[] {
    return (this.#order ??= newestFirst(this.#state.threads.values()));
  }

  replace(snapshot: Snapshot): void {
    this.#take(fromSnapshot(snapshot, this.#state));
  }

  /** Gives the accounts of which something is missing. */
  apply(events: readonly EventView[]): ReadonlySet<AccountId> {
    const step = apply(this.#state, ...events);
    this.#take(step);
    for (const [gone, to] of step.moved) this.onMoved(gone, to);
    for (const { body } of events) if (body.message) this.onMessage(body.message);
    return step.gaps;
  }

  addThreads(page: readonly ThreadView[]): void {
    this.#take(withThreads(this.#state, page));
  }

  /** Changes of this thread are kept from now on. */
  await(threadId: ThreadId, accountId: AccountId): void {
    if (!this.#state.messages.has(threadId)) this.#put(threadId, awaited(accountId, this.#state.seqs.get(accountId) ?? 0));
  }

  forget(threadId: ThreadId): void {
    const messages = new Map(this.#state.messages);
    messages.delete(threadId);
    this.#state = { ...this.#state, messages };
  }

  /** For a thread whose changes are kept already; a page that was read before that changes nothing. */
  newest(page: MessagePage): void {
    const held = this.#state.messages.get(page.threadId);
    if (held) this.#put(page.threadId, withNewest(held, page));
  }

  older(page: MessagePage, askedFrom: MessageCursor): void {
    const held = this.#state.messages.get(page.threadId);
    if (held) this.#put(page.threadId, withOlder(held, page, askedFrom));
  }

  /** The person has read it all: nobody who looks at a thread is told that it waits, until the next event says how much does. */
  read(id: ThreadId): void {
    const thread = this.#state.threads.get(id);
    if (!thread?.unread) return;
    const changes = new Changes();
    changes.add('threads', id);
    this.#take({ state: { ...this.#state, threads: new Map(this.#state.threads).set(id, { ...thread, unread: 0 }) }, changes, moved: new Map(), gaps: new Set() });
  }

  /** A message outside the numbers, such as the answer to a send: its own number decides whether it is news. */
  message(message: MessageView): void {
    const held = this.#state.messages.get(message.threadId);
    if (!held) return;
    const messages = new Map(this.#state.messages).set(message.threadId, withMessage(held, message));
    this.#state = { ...this.#state, messages };
    this.changed(`messages:${message.threadId}`, keyOf(message));
  }

  changed(topic: Topic, id: string | number): void {
    const changes = new Changes();
    changes.add(topic, id);
    this.#tell(changes);
  }

  #put(threadId: ThreadId, held: ThreadMessages): void {
    const changes = new Changes();
    changes.all(`messages:${threadId}`);
    this.#take({ state: { ...this.#state, messages: new Map(this.#state.messages).set(threadId, held) }, changes, moved: new Map(), gaps: new Set() });
  }

  #take(step: Step): void {
    if (step.state.threads !== this.#state.threads) this.#order = undefined;
    this.#state = step.state;
    this.#tell(step.changes);
  }

  #tell(changes: Changes): void {
    for (const [topic, changed] of changes.topics()) {
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(changed);
    }
  }
}
