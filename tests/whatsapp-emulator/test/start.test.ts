import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { X509Certificate } from 'node:crypto';
import { TestEmulator } from './harness.ts';

/** Runs the emulator until it ends by itself; gives its exit code and what it said. */
async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.js'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

test('the line that says that it is ready has all that a client needs', async () => {
  const { ready, ...emulator } = await TestEmulator.start().then(each => ({ ready: each.ready, stop: () => each.stop() }));
  assert.equal(ready.url, `ws://127.0.0.1:${ready.port}/ws/chat`);
  assert.equal(Buffer.from(ready.rootPublicKey, 'base64').length, 32);
  const ca = new X509Certificate(readFileSync(ready.mediaCa));
  assert.ok(ca.ca);
  assert.ok(ca.verify(ca.publicKey));
  await emulator.stop();
});

test('it ends with its standard input, and takes its CA along when that was its own', async () => {
  const { EMULATOR_CA_DIR: kept } = process.env;
  delete process.env['EMULATOR_CA_DIR'];
  const emulator = await TestEmulator.start();
  process.env['EMULATOR_CA_DIR'] = kept;
  assert.ok(existsSync(emulator.ready.mediaCa));
  await emulator.stop();
  assert.equal(existsSync(emulator.ready.mediaCa), false);
});

test('a port in use and options that make no sense are sentences', async () => {
  const emulator = await TestEmulator.start();
  const taken = await run('--port', String(emulator.ready.port));
  assert.deepEqual([taken.code, /port \d+ is in use: choose another/.test(taken.said)], [1, true]);
  const wrong = await run('--port', 'many');
  assert.deepEqual([wrong.code, wrong.said], [2, '--port takes a number from 0 to 65535\n']);
  await emulator.stop();
});

test('wrong requests are answered with a sentence', async () => {
  const emulator = await TestEmulator.start();
  await emulator.contact('40722000001');
  await assert.rejects(emulator.get('/api/nothing'), /There is no GET/);
  await assert.rejects(emulator.post('/api/contacts', '{"pn":'), /not JSON/);
  await assert.rejects(emulator.contact('hello'), /not a phone number/);
  await assert.rejects(emulator.send('40722000009', '40722000001', 'x'), /make it with POST/);
  await assert.rejects(emulator.send('40722000001', '40722000009', 'x'), /no phone or group/);
  await assert.rejects(emulator.send('40722000001', '40722000001', {}), /Say what to send/);
  await assert.rejects(emulator.post('/api/accounts/40722000001/faults', { send: { mode: 'odd' } }), /one of lost/);
  await emulator.stop();
});
