import type { MessageId, ThreadId } from '../contracts.g.ts';
import type { Clock } from './clock.ts';

const pauseMs = 1_000;

/**
 * Says how far each thread was read: at once after a pause, and at most once a second while a customer goes on writing, because each
 * time is a row, a receipt to the customer's phone and a change for every browser.
 */
export class ReadMarks {
  readonly #upTo = new Map<ThreadId, MessageId>();
  readonly #telling = new Set<ThreadId>();

  constructor(private readonly clock: Clock, private readonly tell: (thread: ThreadId, upTo: MessageId) => Promise<unknown>) {}

  mark(thread: ThreadId, upTo: MessageId): void {
    if (this.#upTo.get(thread) === upTo) return;
    this.#upTo.set(thread, upTo);
    if (!this.#telling.has(thread)) void this.#run(thread);
  }

  /** Everything may be said again. */
  clear(): void {
    this.#upTo.clear();
  }

  async #run(thread: ThreadId): Promise<void> {
    this.#telling.add(thread);
    let told: MessageId | undefined;
    for (let upTo = this.#upTo.get(thread); upTo !== undefined && upTo !== told; upTo = this.#upTo.get(thread)) {
      told = upTo;
      await this.tell(thread, upTo).catch(() => (told = undefined));
      await this.clock.wait(pauseMs);
      // What was refused is not tried in a circle: the next look at the thread marks it again.
      if (told === undefined && this.#upTo.get(thread) === upTo) this.#upTo.delete(thread);
    }
    this.#telling.delete(thread);
  }
}
