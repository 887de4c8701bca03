import type { MessageId, ThreadId } from '../contracts.g.ts';
import type { Clock } from './clock.ts';

const pauseMs = 2_000;

/**
 * Says how far each thread was read: at once after a pause, and at most every two seconds while a customer goes on writing, because each
 * time is a row, a receipt to the customer's phone and a change for every browser.
 */
export class ReadMarks {
  readonly #upTo = new Map<ThreadId, MessageId>();
  readonly #told = new Map<ThreadId, MessageId>();
  readonly #running = new Set<ThreadId>();

  constructor(private readonly clock: Clock, private readonly tell: (thread: ThreadId, upTo: MessageId) => Promise<unknown>) {}

  mark(thread: ThreadId, upTo: MessageId): void {
    this.#upTo.set(thread, upTo);
    if (!this.#running.has(thread)) void this.#run(thread);
  }

  /** Says what waits for its turn: the page may be going. */
  flush(): void {
    for (const thread of this.#upTo.keys()) void this.#tell(thread);
  }

  /** What was said may be said again. */
  clear(): void {
    this.#told.clear();
  }

  async #run(thread: ThreadId): Promise<void> {
    this.#running.add(thread);
    while (await this.#tell(thread)) await this.clock.wait(pauseMs);
    this.#running.delete(thread);
  }

  /** False when there was nothing to say. */
  async #tell(thread: ThreadId): Promise<boolean> {
    const upTo = this.#upTo.get(thread);
    if (upTo === undefined || this.#told.get(thread) === upTo) return false;
    this.#told.set(thread, upTo);
    try {
      await this.tell(thread, upTo);
    } catch {
      // Not tried in a circle: the next look at the thread marks it again.
      if (this.#upTo.get(thread) === upTo) this.#upTo.delete(thread);
      this.#told.delete(thread);
    }
    return true;
  }
}
