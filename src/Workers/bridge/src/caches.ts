import { Lru } from './lru.ts';

const entries = 1000;
const minutes = 60_000;

/** How long Baileys may believe each thing without asking again. */
export const times = {
  /** Lists of devices: a notification of the server changes them, and asking again makes new sessions with everybody. */
  devices: 24 * 60 * minutes,
  retries: 60 * minutes,
  /** Members of a group: a notification of the server changes them. */
  groups: 60 * minutes,
  calls: 5 * minutes,
};

/** What Baileys would keep in caches of its own, each with a timer and without a bound. */
export class TimedCache {
  readonly #held = new Lru<{ value: unknown; until: number }>(entries);

  constructor(private readonly lifeMs: number) {}

  get<T>(key: string): T | undefined {
    const held = this.#held.get(key);
    if (!held)
      return undefined;
    if (held.until > performance.now())
      return held.value as T;
    this.#held.delete(key);
    return undefined;
  }

  set<T>(key: string, value: T): void {
    this.#held.set(key, { value, until: performance.now() + this.lifeMs });
  }

  del(key: string): void {
    this.#held.delete(key);
  }

  flushAll(): void {
    this.#held.clear();
  }
}
