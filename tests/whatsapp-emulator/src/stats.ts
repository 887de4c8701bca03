import { EventEmitter } from 'node:events';
import { now } from './clock.ts';

const KEPT_PROBLEMS = 200;
const KEPT_STANZAS = 50_000;

/** One stanza on its way to a linked device: written again until it is settled. */
export interface StanzaRecord {
  readonly id: string;
  readonly class: string;
  readonly type: string | undefined;
  readonly account: string;
  readonly device: number;
  readonly from: string;
  readonly queuedAt: number;
  sentAt?: number;
  deliveries: number;
  state: 'queued' | 'sent' | 'acknowledged' | 'receipt' | 'retry' | 'nack';
  error?: string;
  settledAt?: number;
}

/** Counts everything that happens, and wakes those who wait for a change. */
export class Stats {
  readonly startedAt = now();
  readonly counters: Record<string, number> = {};
  readonly problems: { at: number; text: string }[] = [];
  readonly stanzas: StanzaRecord[] = [];
  #ringing = false;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  count(name: string, by = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  problem(text: string): void {
    this.count('problems');
    this.problems.push({ at: now(), text });
    if (this.problems.length > KEPT_PROBLEMS) this.problems.shift();
    process.stderr.write(`${JSON.stringify({ level: 'warn', text })}\n`);
  }

  keep(stanza: StanzaRecord): void {
    this.stanzas.push(stanza);
    if (this.stanzas.length > KEPT_STANZAS * 1.5) this.stanzas.splice(0, this.stanzas.length - KEPT_STANZAS);
  }

  /** Those who wait look once in a turn of the event loop, however much happened in it. */
  changed(): void {
    if (this.#ringing) return;
    this.#ringing = true;
    setImmediate(() => {
      this.#ringing = false;
      this.#changes.emit('change');
    });
  }

  /** Resolves true when `test` holds, looked at after every change, or false after `timeoutMs`. */
  async until(test: () => boolean, timeoutMs: number): Promise<boolean> {
    if (test()) return true;
    if (timeoutMs <= 0) return false;
    return new Promise(resolve => {
      const done = (result: boolean) => {
        clearTimeout(timer);
        this.#changes.off('change', look);
        resolve(result);
      };
      const look = () => {
        if (test()) done(true);
      };
      const timer = setTimeout(() => done(false), timeoutMs);
      this.#changes.on('change', look);
    });
  }
}
