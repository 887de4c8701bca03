import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Ready {
  port: number;
  url: string;
  mediaCa: string;
  rootPublicKey: string;
  pid: number;
}

/** An emulator in a process of its own, and its control API. */
export class TestEmulator {
  readonly ready: Ready;
  readonly #process: ChildProcess;

  private constructor(ready: Ready, process: ChildProcess) {
    this.ready = ready;
    this.#process = process;
  }

  static async start(...args: string[]): Promise<TestEmulator> {
    const main = join(import.meta.dirname, '..', 'main.js');
    const caDir = process.env['EMULATOR_CA_DIR'];
    const child = spawn(process.execPath, ['--enable-source-maps', main, '--exit-with-stdin', ...(caDir ? ['--ca-dir', caDir] : []), ...args], {
      stdio: ['pipe', 'pipe', process.env['EMULATOR_STDERR'] ? 'inherit' : 'ignore'],
    });
    const [line] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(() => {
        throw new Error('the emulator ended before it was ready');
      }),
    ])) as [string];
    return new TestEmulator(JSON.parse(line) as Ready, child);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await exit;
  }

  get<T = any>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T = any>(path: string, body: unknown = {}): Promise<T> {
    return this.call('POST', path, body);
  }

  patch<T = any>(path: string, body: unknown): Promise<T> {
    return this.call('PATCH', path, body);
  }

  /** Fails with the API's own sentence. */
  async call<T = any>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.ready.port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
    return answer;
  }

  contact(pn: string, setup: Record<string, unknown> = {}): Promise<{ pn: string; lid: string }> {
    return this.post('/api/contacts', { pn, ...setup });
  }

  send(pn: string, to: string, content: string | Record<string, unknown>): Promise<{ id: string; sentAt: number }> {
    return this.post(`/api/contacts/${pn}/send`, { to, ...(typeof content === 'string' ? { text: content } : content) });
  }

  /** What the phone shows, once it shows so many messages. */
  async shown(pn: string, min = 1, from?: string): Promise<any[]> {
    const list = await this.get<any[]>(`/api/contacts/${pn}/messages?min=${min}&wait=60000${from ? `&from=${from}` : ''}`);
    if (list.length < min) throw new Error(`phone ${pn} shows ${list.length} messages, not ${min}`);
    return list;
  }

  stats(): Promise<any> {
    return this.get('/api/stats');
  }
}
