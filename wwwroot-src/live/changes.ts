import type { ThreadId } from '../contracts.g.ts';

/** What a listener can wait for. */
export type Topic = 'threads' | 'accounts' | 'live' | `messages:${ThreadId}` | `typing:${ThreadId}`;

/** The ids that changed; undefined when all may have. */
export type Changed = ReadonlySet<string | number> | undefined;

/** What one step changed, by topic. */
export class Changes {
  readonly #topics = new Map<Topic, Set<string | number> | undefined>();

  add(topic: Topic, id: string | number): void {
    if (!this.#topics.has(topic)) this.#topics.set(topic, new Set());
    this.#topics.get(topic)?.add(id);
  }

  all(topic: Topic): void {
    this.#topics.set(topic, undefined);
  }

  topics(): ReadonlyMap<Topic, Changed> {
    return this.#topics;
  }
}
