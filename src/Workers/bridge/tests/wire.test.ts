import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transactions } from '../src/transactions.ts';
import { Wire } from '../src/wire.ts';

function fixture(): { send(text: string, gate?: Promise<void>): Promise<string>; written: string[]; wire: Wire; state: { may: boolean; cut: boolean; isHandling: boolean } } {
  const written: string[] = [];
  const state = { may: true, cut: false, isHandling: false };
  let gate: Promise<void> | undefined;
  const socket = {
    send: (data: Uint8Array, done: (error?: Error) => void) => { written.push(String(data)); done(); },
    terminate: () => { state.cut = true; },
    pause: () => {},
    resume: () => {},
  };
  const wire = new Wire(socket, { beforeWire: () => gate, get isHandling() { return state.isHandling; } } as unknown as Transactions, () => state.may);
  const send = (text: string, wait?: Promise<void>): Promise<string> => {
    gate = wait;
    return new Promise(resolve => socket.send(Buffer.from(text), error => resolve(error ? 'failed' : 'written')));
  };
  return { send, written, wire, state };
}

function gate(): { promise: Promise<void>; open(): void; refuse(): void } {
  let open!: () => void;
  let refuse!: (error: Error) => void;
  const promise = new Promise<void>((resolve, reject) => { open = resolve; refuse = reject; });
  return { promise, open, refuse: () => refuse(new Error('refused')) };
}

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('a frame that waits for its commit holds back those behind it, in order', async () => {
  const { send, written } = fixture();
  const commit = gate();
  const all = [send('1'), send('2', commit.promise), send('3')];
  await settle();
  assert.deepEqual(written, ['1']);
  commit.open();
  assert.deepEqual(await Promise.all(all), ['written', 'written', 'written']);
  assert.deepEqual(written, ['1', '2', '3']);
});

test('when the commit is refused, nothing of it and nothing after it is written', async () => {
  const { send, written, state } = fixture();
  const commit = gate();
  const all = [send('1', commit.promise), send('2')];
  commit.refuse();
  assert.deepEqual(await Promise.all(all), ['failed', 'failed']);
  assert.deepEqual(written, []);
  assert.equal(state.cut, true);
});

test('what is said about a stanza waits for its commit, but nobody waits for it', async () => {
  const { send, written, state } = fixture();
  const commit = gate();
  state.isHandling = true;
  assert.equal(await send('receipt', commit.promise), 'written');
  assert.deepEqual(written, []);
  commit.open();
  await settle();
  assert.deepEqual(written, ['receipt']);
});

test('the lease is asked in the moment of writing, not in that of asking', async () => {
  const { send, written, state } = fixture();
  const commit = gate();
  const waiting = send('1', commit.promise);
  state.may = false;
  commit.open();
  assert.equal(await waiting, 'failed');
  assert.equal(await send('2'), 'failed');
  assert.deepEqual(written, []);
});

test('after a cut nothing leaves, though the lease holds', async () => {
  const { send, wire, written } = fixture();
  wire.cut();
  assert.equal(await send('1'), 'failed');
  assert.deepEqual(written, []);
});

test('a hold keeps everything until it ends', async () => {
  const { send, wire, written } = fixture();
  const saved = gate();
  wire.hold(saved.promise);
  const reply = send('pair-device-sign');
  await settle();
  assert.deepEqual(written, []);
  saved.open();
  assert.equal(await reply, 'written');
});
