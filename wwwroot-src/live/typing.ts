import type { ThreadId, TypingView } from '../contracts.g.ts';
import type { Clock } from './clock.ts';

/** WhatsApp says "paused" or says nothing more. */
const forMs = 10_000;

/** Who writes now; forgotten by itself. */
export class Typing {
  readonly #composing = new Map<ThreadId, AbortController>();

  constructor(
    private readonly clock: Clock,
    private readonly changed: (threadId: ThreadId) => void,
  ) {}

  isComposing(threadId: ThreadId): boolean {
    return this.#composing.has(threadId);
  }

  take({ threadId, isComposing }: TypingView): void {
    this.#composing.get(threadId)?.abort();
    this.#composing.delete(threadId);
    if (isComposing) {
      const until = new AbortController();
      this.#composing.set(threadId, until);
      void this.clock.wait(forMs, until.signal).then(() => {
        if (!until.signal.aborted) this.take({ accountId: 0, threadId, isComposing: false });
      });
    }
    this.changed(threadId);
  }
}
