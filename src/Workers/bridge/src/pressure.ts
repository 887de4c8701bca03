import type { RawSocket } from './wire.ts';

const many = 256;
const fewer = 64;
const breathMs = 1000;

/**
 * Stops reading from WhatsApp while more is under way than should be in memory. It reads on after a second even if nothing
 * was finished, because what is under way may wait for an answer that has not been read.
 */
export class Pressure {
  readonly #under = new Set<object>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly socket: RawSocket, private readonly waiting: () => number) {}

  begin(what: object): void {
    this.#under.add(what);
    if (this.#count > many && !this.#timer) {
      this.socket.pause();
      this.#timer = setTimeout(() => this.#resume(true), breathMs);
      this.#timer.unref();
    }
  }

  end(what: object): void {
    this.#under.delete(what);
    this.relieve();
  }

  relieve(): void {
    if (this.#timer && this.#count < fewer)
      this.#resume(false);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  get #count(): number {
    return this.#under.size + this.waiting();
  }

  // What is not finished after a second was perhaps given up by Baileys without a word, and is not counted any more.
  #resume(forget: boolean): void {
    this.stop();
    if (forget)
      this.#under.clear();
    this.socket.resume();
  }
}
