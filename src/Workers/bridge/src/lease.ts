import { Refusal } from './frames.ts';

/** The socket closes this long before the lease itself ends, so that no other owner can overlap with it. */
export const marginMs = 2000;

export interface Clock {
  /** Milliseconds that only ever grow. */
  monotonic(): number;
  /** UTC milliseconds. */
  wall(): number;
}

export const machineClock: Clock = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Until when this process may act for one account. A timer alone is not enough: a process that was stopped and goes on
 * may get socket events before its timers, so whatever writes to the network asks `alive` first.
 */
export class Lease {
  #epoch = -1;
  #deadline = -Infinity;
  #wallDeadline = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly expired: () => void, private readonly clock: Clock = machineClock) {}

  get epoch(): number {
    return this.#epoch;
  }

  /** The wall clock is asked too: the monotonic one stands still while the machine sleeps. */
  get alive(): boolean {
    return this.clock.monotonic() < this.#deadline && this.clock.wall() < this.#wallDeadline;
  }

  /**
   * Takes what a frame says about the lease. `writtenAt` lets a frame that waited in the pipe while this process was
   * stopped count from when it was written, not from when it was read.
   */
  renew(epoch: number, leaseMs: number, writtenAt?: number): void {
    if (epoch < this.#epoch)
      throw new Refusal('stale_epoch', `Epoch ${epoch} is over; this account is at ${this.#epoch}.`);
    const age = writtenAt === undefined ? 0 : Math.max(0, this.clock.wall() - writtenAt);
    const left = leaseMs - marginMs - age;
    this.#epoch = epoch;
    this.#deadline = this.clock.monotonic() + left;
    this.#wallDeadline = this.clock.wall() + left;
    this.#arm();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#deadline = -Infinity;
  }

  // One timer that looks again when it fires is cheaper than a new one for every frame, unless the deadline moved nearer.
  #arm(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(this.#deadline - this.clock.monotonic(), 2 ** 31 - 1));
    this.#timer = setTimeout(() => {
      if (this.alive)
        this.#arm();
      else
        this.expired();
    }, wait);
    this.#timer.unref();
  }
}
