import type { RawSocket } from './wire.ts';

const many = 256;
const fewer = 64;
const breathMs = 1000;

/**
 * Stops reading from WhatsApp while more is under way than should be in memory: stanzas that are being handled, and events
 * that the worker has not taken. What is handled may itself wait for an answer that was not read, or Baileys may have given
 * it up without a word; so after a second it counts no longer. What waits for the worker counts until it is taken.
 */
export class Pressure {
  readonly #handled = new Set<object>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly socket: Pick<RawSocket, 'pause' | 'resume'>, private readonly waiting: () => number) {}

  begin(stanza: object): void {
    this.#handled.add(stanza);
    if (this.#count > many && !this.#timer) {
      this.socket.pause();
      this.#timer = setInterval(() => {
        this.#handled.clear();
        this.relieve();
      }, breathMs);
      this.#timer.unref();
    }
  }

  end(stanza: object): void {
    this.#handled.delete(stanza);
    this.relieve();
  }

  relieve(): void {
    if (!this.#timer || this.#count >= fewer)
      return;
    this.stop();
    this.socket.resume();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #count(): number {
    return this.#handled.size + this.waiting();
  }
}
