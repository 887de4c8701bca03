import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Frame {
  id: number;
  ev: string;
  account: number;
  epoch: number;
  body: any;
}

export type Answer = { ok: object } | { err: { code: string; message: string } } | 'silence';

/** One account as a worker's database has it. */
export class Stored {
  creds: string | undefined;
  readonly keys = new Map<string, string>();
  readonly records = new Map<string, any>();
  readonly done = new Set<string>();
  readonly sent = new Map<string, string>();
  readonly events: any[] = [];
}

/**
 * A worker with its database in memory, speaking the protocol over a real child's pipes. It outlives its bridge, as the
 * real one does: `start` again after `kill`.
 */
export class Worker {
  readonly accounts = new Map<number, Stored>();
  readonly frames: Frame[] = [];
  readonly states: any[] = [];
  readonly errors: string[] = [];
  /** The rows of a commit can't be made: its events have to come later. */
  later = false;
  /** Decides about a frame before the database does. */
  before: (frame: Frame) => Answer | undefined | Promise<Answer | undefined> = () => undefined;
  epoch = 1;
  leaseMs = 60_000;
  #child: ChildProcess | undefined;
  #exit: Promise<unknown> = Promise.resolve();
  #next = 1;
  #asked = new Map<number, { resolve(ok: any): void; reject(error: Error): void }>();
  #watchers = new Set<() => void>();

  constructor(private readonly environment: Record<string, string> = {}, private readonly flags: string[] = []) {}

  get pid(): number {
    return this.#child!.pid!;
  }

  get isAlive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  stored(account: number): Stored {
    let stored = this.accounts.get(account);
    if (!stored)
      this.accounts.set(account, stored = new Stored());
    return stored;
  }

  /** Starts the bridge; resolves with its first line. */
  async open(bridge = '../bridge.js'): Promise<any> {
    const child = spawn(process.execPath, [...this.flags, join(import.meta.dirname, bridge)], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...this.environment } });
    this.#child = child;
    this.#exit = once(child, 'close'); // Only then all that it wrote was read.
    const asked = this.#asked = new Map();
    child.once('exit', () => {
      for (const { reject } of asked.values())
        reject(new Error('The bridge is gone.'));
    });
    let first: ((frame: any) => void) | undefined;
    const hello = new Promise<any>(resolve => (first = resolve));
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const frame = JSON.parse(text.slice(0, end));
        text = text.slice(end + 1);
        if (frame.hello || frame.fatal)
          first?.(frame);
        else
          void this.#take(frame, child);
      }
    });
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      this.errors.push(chunk);
      if (process.env.BRIDGE_LOGS)
        process.stderr.write(chunk);
    });
    child.stdin!.on('error', () => {});
    return await Promise.race([hello, this.#exit.then(() => { throw new Error(`the bridge ended: ${this.errors.join('')}`); })]);
  }

  ask<T = any>(op: string, account?: number, body: object = {}, more: object = {}): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      if (!this.isAlive) {
        reject(new Error('The bridge is gone.'));
        return;
      }
      this.#asked.set(id, { resolve, reject });
      const lease = account === undefined ? {} : { account, epoch: this.epoch, lease: this.leaseMs, at: Date.now() };
      this.write({ id, op, ...lease, body, ...more });
    });
  }

  write(frame: object | string): void {
    this.#child!.stdin!.write(`${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n`);
  }

  /** Reads nothing more of what the bridge writes, or goes on with it. */
  listen(listening: boolean): void {
    if (listening)
      this.#child!.stdout!.resume();
    else
      this.#child!.stdout!.pause();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child!.kill(signal);
  }

  /** Ends the bridge at once, as a crash would. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exit;
  }

  async close(): Promise<void> {
    if (!this.isAlive)
      return;
    this.signal('SIGCONT');
    this.#child!.stdin!.end();
    await this.#exit;
  }

  exited(): Promise<unknown> {
    return this.#exit;
  }

  /** Resolves when `look` finds something, with what it found. */
  async until<T>(look: () => T | undefined | false, what = 'what was expected', ms = 60_000): Promise<T> {
    const found = look();
    if (found)
      return found;
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(watch);
        reject(new Error(`The bridge did not come to ${what}. It said: ${this.states.map(one => `${one.state} ${one.code ?? ''}`).join(', ')} ${this.errors.join('').slice(-2000)}`));
      }, ms);
      const watch = (): void => {
        const value = look();
        if (!value)
          return;
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(value);
      };
      this.#watchers.add(watch);
    });
  }

  state(state: string, account?: number, after = 0): Promise<any> {
    return this.until(() => this.states.slice(after).find(one => one.state === state && (account === undefined || one.account === account)), `state ${state}`);
  }

  event(account: number, matches: (event: any) => boolean, what = 'an event'): Promise<any> {
    return this.until(() => this.stored(account).events.find(matches), what);
  }

  async #take(frame: any, child: ChildProcess): Promise<void> {
    if (typeof frame.re === 'number') {
      const asked = this.#asked.get(frame.re);
      this.#asked.delete(frame.re);
      if (frame.err)
        asked?.reject(Object.assign(new Error(frame.err.message), { code: frame.err.code }));
      else
        asked?.resolve(frame.ok);
      return;
    }
    this.frames.push(frame);
    const answer = await this.before(frame) ?? { ok: this.#store(frame) };
    if (answer !== 'silence' && child === this.#child)
      this.write({ re: frame.id, ...answer });
    for (const watch of [...this.#watchers])
      watch();
  }

  #store({ ev, account, body }: Frame): object {
    const stored = this.stored(account);
    switch (ev) {
      case 'keys':
        return { values: Object.fromEntries(body.ids.flatMap((id: string) => {
          const value = stored.keys.get(`${body.type}/${id}`);
          return value === undefined ? [] : [[id, value]];
        })) };
      case 'commit':
        for (const [type, id, value] of body.keys)
          if (value === null)
            stored.keys.delete(`${type}/${id}`);
          else
            stored.keys.set(`${type}/${id}`, value);
        if (body.creds)
          stored.creds = body.creds;
        if (body.sent)
          stored.sent.set(body.sent.messageId, body.sent.proto);
        if (body.inbound) {
          const before = stored.records.get(body.inbound.key);
          const plaintexts = new Map([...before?.plaintexts ?? [], ...body.inbound.plaintexts]);
          if (!before || plaintexts.size > before.plaintexts.length) {
            const at = Math.max(body.inbound.at, (before?.at ?? 0) + 1);
            stored.records.set(body.inbound.key, { ...before ?? body.inbound, at, plaintexts: [...plaintexts] });
            stored.done.delete(body.inbound.key);
          }
        }
        if (body.events && this.later)
          return { later: true };
        if (body.events) {
          stored.events.push(...body.events);
          stored.done.add(body.inbound.key);
        }
        return {};
      case 'plaintext':
        for (const record of stored.records.values())
          for (const [hash, plaintext] of record.plaintexts)
            if (hash === body.hash && plaintext)
              return { plaintext };
        return {};
      case 'sent':
        return stored.sent.has(body.messageId) ? { proto: stored.sent.get(body.messageId) } : {};
      case 'inbound':
        for (const { key, at, events, more } of body.items) {
          stored.events.push(...events);
          if (key && !more && stored.records.get(key)?.at <= at)
            stored.done.add(key);
        }
        return {};
      case 'state':
        if (body.state === 'paired')
          stored.creds = body.creds;
        this.states.push({ account, ...body });
        return {};
      default:
        return {};
    }
  }
}
