import { log, reasonOf } from './logs.ts';
import { Lines } from './lines.ts';

export type ErrorCode =
  | 'stale_epoch' | 'lease_lost' | 'not_started' | 'not_open' | 'bad_frame'
  | 'rejected' | 'timeout' | 'invalid_number' | 'internal';

/** A failure that the other side is told about, with a sentence that says what happened. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

/** A request of the worker. */
export interface Op {
  id: number;
  op: string;
  account?: number;
  epoch?: number;
  /** Milliseconds that the lease had left when the frame was written. */
  lease?: number;
  /** When the frame was written, in UTC milliseconds of this machine's clock. */
  at?: number;
  body: Record<string, unknown>;
}

interface Waiting {
  resolve(ok: any): void;
  reject(error: Refusal): void;
  timer: NodeJS.Timeout | undefined;
}

/** Both directions of the protocol over one pair of pipes: numbered requests, one answer each. */
export class Channel {
  readonly #lines = new Lines(line => this.#receive(line), () => log('warn', 'a frame was longer than 16 MiB and was dropped'));
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #out: string[] = [];

  constructor(private readonly write: (text: string) => void, private readonly handle: (op: Op) => Promise<object>) {}

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  /** Writes a line; what is written in one turn of the event loop leaves in one write. */
  line(frame: object): void {
    if (this.#out.push(JSON.stringify(frame)) === 1)
      queueMicrotask(() => {
        const out = this.#out;
        this.#out = [];
        this.write(`${out.join('\n')}\n`);
      });
  }

  /** Asks the worker and waits for its answer; a `Refusal` says what it answered, or `timeout`. */
  request<T>(ev: string, account: number, epoch: number, body: object, timeoutMs = 0): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      const timer = timeoutMs > 0
        ? setTimeout(() => {
          this.#waiting.delete(id);
          reject(new Refusal('timeout', `The worker did not answer ${ev} in time.`));
        }, timeoutMs)
        : undefined;
      this.#waiting.set(id, { resolve, reject, timer });
      this.line({ id, ev, account, epoch, body });
    });
  }

  #receive(line: string): void {
    let frame: any;
    try {
      frame = JSON.parse(line);
    } catch {
      log('warn', 'a frame is not JSON and was ignored');
      return;
    }
    if (typeof frame !== 'object' || frame === null) {
      log('warn', 'a frame is not an object and was ignored');
    } else if (typeof frame.re === 'number') {
      this.#answered(frame);
    } else if (typeof frame.op === 'string' && Number.isSafeInteger(frame.id)) {
      void this.#serve({ ...frame, body: typeof frame.body === 'object' && frame.body !== null ? frame.body : {} });
    } else if (Number.isSafeInteger(frame.id)) {
      this.line({ re: frame.id, err: { code: 'bad_frame', message: 'The frame has no op.' } });
    } else {
      log('warn', 'a frame has neither id nor re and was ignored');
    }
  }

  #answered(frame: any): void {
    const waiting = this.#waiting.get(frame.re);
    if (!waiting)
      return; // It came after its time; whoever waited has acted on that.
    this.#waiting.delete(frame.re);
    clearTimeout(waiting.timer);
    if (frame.err)
      waiting.reject(new Refusal(String(frame.err.code ?? 'internal'), String(frame.err.message ?? 'The worker refused.')));
    else
      waiting.resolve(frame.ok ?? {});
  }

  async #serve(op: Op): Promise<void> {
    try {
      this.line({ re: op.id, ok: await this.handle(op) });
    } catch (error) {
      if (error instanceof Refusal) {
        this.line({ re: op.id, err: { code: error.code, message: error.message } });
      } else {
        log('error', 'an operation failed', { op: op.op, account: op.account, reason: reasonOf(error) });
        this.line({ re: op.id, err: { code: 'internal', message: 'The bridge failed at this; its log has the reason.' } });
      }
    }
  }
}
