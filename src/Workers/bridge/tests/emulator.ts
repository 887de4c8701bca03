import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Worker } from './worker.ts';

/** The WhatsApp emulator in a process of its own. */
export class Emulator {
  private constructor(readonly ready: { port: number; url: string; rootPublicKey: string; mediaCa: string }, private readonly child: ChildProcess) {}

  static async start(): Promise<Emulator> {
    const main = process.env.WHATSAPP_EMULATOR ?? join(import.meta.dirname, '../../../../../tests/whatsapp-emulator/dist/main.js');
    const child = spawn(process.execPath, [main, '--port', '0', '--exit-with-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await Promise.race([
      once(createInterface(child.stdout!), 'line'),
      once(child, 'exit').then(() => { throw new Error('The emulator did not start. Build it in tests/whatsapp-emulator with "npm run build".'); }),
    ]);
    return new Emulator(JSON.parse(line as string), child);
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.stdin!.end();
    await exit;
  }

  get configuration(): object {
    return { webSocketUrl: this.ready.url, rootPublicKey: this.ready.rootPublicKey, deviceName: 'RealtimeWa', queryTimeoutMs: 5000, history: true };
  }

  async call<T = any>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.ready.port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = await response.json() as T & { error?: string };
    if (!response.ok)
      throw new Error(`${method} ${path}: ${answer.error}`);
    return answer;
  }

  contact(pn: string, setup: object = {}): Promise<{ pn: string; lid: string }> {
    return this.call('POST', '/api/contacts', { pn, ...setup });
  }

  writes(pn: string, to: string, content: string | object): Promise<{ id: string }> {
    return this.call('POST', `/api/contacts/${pn}/send`, { to, ...(typeof content === 'string' ? { text: content } : content) });
  }

  /** What a phone shows, once it shows so many. */
  shown(pn: string, min = 1): Promise<any[]> {
    return this.call('GET', `/api/contacts/${pn}/messages?min=${min}&wait=60000`);
  }

  /** The receipts that a phone got, once there are so many. */
  receipts(pn: string, min = 1, more = ''): Promise<any[]> {
    return this.call('GET', `/api/contacts/${pn}/receipts?min=${min}&wait=60000${more}`);
  }

  async counters(): Promise<Record<string, number>> {
    return (await this.call('GET', '/api/stats')).counters;
  }

  /** Links `account` of the worker to the phone `pn` and opens it. */
  async link(worker: Worker, account: number, pn: string): Promise<void> {
    const seen = worker.states.length;
    await worker.ask('start', account, { creds: null, config: this.configuration });
    const { qr } = await worker.state('qr', account, seen);
    await this.call('POST', `/admin/mock-phone/scan-qr?phone=${pn}`, qr);
    await worker.state('paired', account, seen);
    await worker.state('close', account, seen);
    await this.open(worker, account);
  }

  async open(worker: Worker, account: number): Promise<void> {
    const seen = worker.states.length;
    await worker.ask('start', account, { creds: worker.stored(account).creds, config: this.configuration });
    await worker.state('open', account, seen);
  }
}
