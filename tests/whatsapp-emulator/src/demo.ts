import { setMaxListeners } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Control } from './demo/control.ts';
import { accounts, people } from './demo/people.ts';
import { play } from './demo/play.ts';

/**
 * `node dist/demo.js -- command…` starts the emulator, then the product with that command, connected to it, and plays a dozen customers.
 * The emulated phones forget everything when they end, so the demo's data starts empty, too.
 */
const product = process.argv.slice(process.argv.indexOf('--') + 1);
const data = resolve('data/demo');
rmSync(data, { recursive: true, force: true });
mkdirSync(data, { recursive: true });

const emulator = spawn(process.execPath, [join(dirname(fileURLToPath(import.meta.url)), 'main.js'), '--port', '0', '--exit-with-stdin'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const ready = await new Promise<{ port: number; url: string; rootPublicKey: string; mediaCa: string }>((done, failed) => {
  createInterface({ input: emulator.stdout! }).once('line', line => done(JSON.parse(line) as never));
  emulator.once('exit', code => failed(new Error(`The emulated phones ended with code ${code} before they were ready.`)));
});
const control = `http://127.0.0.1:${ready.port}`;

const email = 'demo@example.org';
const password = 'realtime-demo-2026';
const console_: ChildProcess = spawn(product[0]!, product.slice(1), {
  stdio: 'inherit',
  env: {
    ...process.env,
    Data__Directory: data,
    Bridge__WebSocketUrl: ready.url,
    Bridge__RootPublicKey: ready.rootPublicKey,
    NODE_EXTRA_CA_CERTS: ready.mediaCa,
    Setup__AdminEmail: email,
    Setup__AdminPassword: password,
    Demo__ControlUrl: control,
    ...Object.fromEntries(accounts.flatMap(({ pn, label }, index) => [[`Demo__Accounts__${index}__Label`, label], [`Demo__Accounts__${index}__Phone`, pn]])),
  },
});
process.stdout.write(`Demo: sign in as ${email} with the password ${password}. Its data starts empty each time. Ctrl+C ends it.\n`);

const ended = new AbortController();
setMaxListeners(0, ended.signal);
for (const person of people) void play(person, new Control(control), ended.signal);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => console_.kill(signal));
console_.once('exit', code => {
  ended.abort();
  emulator.stdin!.end();
  process.exitCode = code ?? 0;
});
