import type { Clock } from '../live/clock.ts';

/** What anyone may ask of the server. */
export interface HealthView {
  readonly status: 'ok' | 'degraded' | 'error';
  /** Whole seconds since it started. */
  readonly uptime: number;
  readonly sessions: { readonly total: number; readonly connected: number };
}

/** The same for an operator, number by number. */
export interface DeepHealthView {
  readonly sessions: readonly { readonly sessionId: string; readonly connectionStatus: string }[];
}

/** How the server is, as far as asking tells: `broken` when it answers but its database does not. */
export type Heard = 'well' | 'broken' | 'unreachable';

export interface Surroundings {
  readonly clock: Clock;
  isHidden(): boolean;
  /** Rejected when the server can't be reached. */
  light(): Promise<HealthView>;
  /** Nothing when this person may not ask. */
  deep(): Promise<DeepHealthView | null>;
  /** What the pushes have said: the connected ones of the numbers that should be. Nothing while nothing is heard. */
  pushed(): ReadonlyMap<string, boolean> | null;
  /** Asks for whatever the pushes did not bring. */
  catchUp(): void;
  heard(heard: Heard): void;
  /** The numbers that the pushes call connected and the server, asked twice, does not: whoever kept them alive is gone. */
  doubted(instances: ReadonlySet<string>): void;
}

export const lightMs = 30_000;
export const deepMs = 300_000;
/** A server that has just started is looked at more often until it has settled. */
export const youngMs = 5_000;
export const youngSeconds = 60;
export const backoff: readonly number[] = [5_000, 10_000, 30_000];

/** The check beneath the pushes: it asks now and then whether what they said is true, and has the difference fetched when it is not. */
export class Poll {
  #early = new AbortController();
  #failures = 0;
  #differed = false;
  #deepAt: number;

  constructor(private readonly around: Surroundings) {
    this.#deepAt = around.clock.now() + deepMs;
  }

  /** Until the signal ends. It does not ask while nobody looks. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.now());
    while (!signal.aborted) {
      const wait = this.around.isHidden() ? deepMs : await this.#ask();
      if (signal.aborted) return;
      this.#early = new AbortController();
      await this.around.clock.wait(wait, this.#early.signal);
    }
  }

  /** Somebody looks again: ask at once. */
  now(): void {
    this.#early.abort();
  }

  /** Gives how long to wait before the next time. */
  async #ask(): Promise<number> {
    try {
      const health = await this.around.light();
      this.#failures = 0;
      this.around.heard(health.status === 'error' ? 'broken' : 'well');
      if (health.status !== 'error') await this.#compare(health);
      if (this.around.clock.now() >= this.#deepAt) await this.#askDeep();
      return this.#differed || health.uptime < youngSeconds ? youngMs : lightMs;
    } catch {
      this.around.heard('unreachable');
      return backoff[Math.min(this.#failures++, backoff.length - 1)]!;
    }
  }

  async #askDeep(): Promise<void> {
    this.#deepAt = this.around.clock.now() + deepMs;
    const deep = await this.around.deep();
    const pushed = this.around.pushed();
    if (!deep || !pushed) return;
    const different = deep.sessions.filter(({ sessionId, connectionStatus }) => pushed.has(sessionId) && pushed.get(sessionId) !== (connectionStatus === 'connected'));
    if (different.length > 0) this.around.catchUp();
    this.around.doubted(new Set(different.filter(({ sessionId }) => pushed.get(sessionId)).map(({ sessionId }) => sessionId)));
  }

  async #compare({ sessions }: HealthView): Promise<void> {
    const pushed = this.around.pushed();
    if (!pushed) return;
    const connected = [...pushed.values()].filter(Boolean).length;
    const differs = connected !== sessions.connected || pushed.size !== sessions.total;
    const again = differs && this.#differed;
    this.#differed = differs;
    if (differs) this.around.catchUp();
    if (again) await this.#askDeep();
    else if (!differs) this.around.doubted(new Set());
  }
}
