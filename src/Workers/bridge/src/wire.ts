import type { Transactions } from './transactions.ts';

/** The part of a `ws` WebSocket that carries our frames. */
export interface RawSocket {
  send(data: Uint8Array, done: (error?: Error) => void): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

interface Frame {
  data: Uint8Array;
  done: (error?: Error) => void;
  gate: Promise<void> | undefined;
}

/**
 * Everything that leaves passes here. Frames are numbered by the encryption, so one that has to wait for a commit holds
 * back those behind it; and each asks whether the lease still holds in the moment in which it is written.
 */
export class Wire {
  readonly #write: RawSocket['send'];
  #waiting: Frame[] = [];
  #draining = false;
  #cut = false;

  constructor(private readonly socket: RawSocket, private readonly transactions: Transactions, private readonly mayWrite: () => boolean) {
    this.#write = socket.send.bind(socket);
    socket.send = (data, done) => this.#send(data, done);
  }

  /** Lets nothing more out, at once; the other side sees a broken connection and keeps what we did not acknowledge. */
  cut(): void {
    this.#cut = true;
    this.socket.terminate();
  }

  /** Holds all that follows until `gate` resolves. */
  hold(gate: Promise<void>): void {
    this.#waiting.push({ data: new Uint8Array(0), done: () => {}, gate });
    void this.#drain();
  }

  #send(data: Uint8Array, done: (error?: Error) => void): void {
    const gate = this.transactions.beforeWire();
    if (!gate && !this.#draining)
      return this.#put(data, done);
    gate?.catch(() => {});
    // Baileys takes the next message when the receipt of this one was written: that must not wait for the commit that the receipt waits for.
    const { isHandling } = this.transactions;
    this.#waiting.push({ data, done: isHandling ? () => {} : done, gate });
    if (isHandling)
      done();
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#draining)
      return;
    this.#draining = true;
    for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
      try {
        await frame.gate;
      } catch (error) {
        this.cut();
        frame.done(error as Error);
        continue;
      }
      if (frame.data.length > 0)
        this.#put(frame.data, frame.done);
    }
    this.#draining = false;
  }

  #put(data: Uint8Array, done: (error?: Error) => void): void {
    if (!this.#cut && this.mayWrite())
      this.#write(data, done);
    else
      done(new Error('The connection was given up.'));
  }
}
