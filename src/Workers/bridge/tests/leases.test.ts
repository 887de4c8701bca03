import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const shop = '40711000003';
const ana = '40722000003';
const marginMs = 2000;
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana);
  await worker.open();
  await emulator.link(worker, 1, shop);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

test('the socket closes when the lease runs out', async () => {
  const seen = worker.states.length;
  await worker.ask('lease', 1, {}, { lease: marginMs + 200 });
  const close = await worker.state('close', 1, seen);
  assert.equal(close.code, 'lease');
  await assert.rejects(worker.ask('send', 1, { messageId: '3EB0D1', chat: `${ana}@s.whatsapp.net`, content: { text: 'late' } }, { lease: marginMs - 1 }), { code: 'lease_lost' });
  await emulator.open(worker, 1);
});

test('an older epoch is refused', async () => {
  worker.epoch = 5;
  await worker.ask('lease', 1);
  await assert.rejects(worker.ask('lease', 1, {}, { epoch: 4 }), { code: 'stale_epoch' });
  await assert.rejects(worker.ask('send', 1, { messageId: '3EB0D2', chat: `${ana}@s.whatsapp.net`, content: { text: 'old' } }, { epoch: 4 }), { code: 'stale_epoch' });
});

test('stopped beyond the lease and continued, the bridge writes nothing for what came meanwhile', async () => {
  const leaseMs = marginMs + 3000;
  await worker.ask('lease', 1, {}, { lease: leaseMs });
  worker.signal('SIGSTOP');
  // A message and a send are in the pipes before the process goes on; the send's frame was written in time.
  const { id } = await emulator.writes(ana, shop, 'while you slept');
  const messageId = '3EB0D3';
  const seen = worker.states.length;
  const sent = worker.ask('send', 1, { messageId, chat: `${ana}@s.whatsapp.net`, content: { text: 'too late' } }, { lease: leaseMs });
  const deadline = Date.now() + leaseMs;
  sent.catch(() => {});
  const counters = await emulator.counters();
  await wait(deadline - Date.now() + 300);
  worker.signal('SIGCONT');
  const close = await worker.state('close', 1, seen);
  assert.equal(close.code, 'lease');
  await assert.rejects(sent, { code: 'lease_lost' });
  const now = await emulator.counters();
  assert.equal(now.receiptsFromClients ?? 0, counters.receiptsFromClients ?? 0, 'no receipt');
  assert.equal(now.messagesFromClients ?? 0, counters.messagesFromClients ?? 0, 'no message');

  await emulator.open(worker, 1);
  await worker.event(1, one => one.type === 'message' && one.id === id, 'the message of the meantime');
  await emulator.receipts(ana, 1, `&id=${id}`);
});

test('a lease frame that waited in the pipe counts from when it was written', async () => {
  const seen = worker.states.length;
  await worker.ask('lease', 1, {}, { lease: 30_000, at: Date.now() - 29_000 });
  assert.equal((await worker.state('close', 1, seen)).code, 'lease');
  await emulator.open(worker, 1);
});

test('a worker that reads nothing more does not keep the socket open', async () => {
  const from = worker.states.length;
  await worker.ask('lease', 1, {}, { lease: marginMs + 1500 });
  worker.listen(false);
  // More than a pipe holds, so that the bridge cannot write either.
  await emulator.call('POST', `/api/contacts/${ana}/burst`, { to: shop, count: 200, text: `{n} ${'x'.repeat(2000)}` });
  const connected = async (): Promise<boolean> => (await emulator.call('GET', `/api/accounts/${shop}`)).devices[0].connected;
  for (const end = Date.now() + 60_000; await connected() && Date.now() < end;)
    await wait(50);
  assert.equal(await connected(), false);
  worker.listen(true);
  assert.equal((await worker.state('close', 1, from)).code, 'lease');
  await emulator.open(worker, 1);
  const last = await worker.event(1, one => one.type === 'message' && one.text?.startsWith('200 x'), 'the last message');
  assert.equal(last.text.length, 2004);
});

/** The answers to frames of one kind wait until they are released; resolves when the first one waits. */
function held(ev: string): { waits: Promise<void>; release(): void } {
  let arrived!: () => void;
  let release!: () => void;
  const waits = new Promise<void>(resolve => (arrived = resolve));
  const released = new Promise<void>(resolve => (release = resolve));
  worker.before = async frame => {
    if (frame.ev === ev) {
      arrived();
      await released;
    }
    return undefined;
  };
  return { waits, release: () => { worker.before = () => undefined; release(); } };
}

for (const [ev, later] of [['inbound', true], ['commit', false]] as const)
  test(`a stop that waits for ${ev} leaves the connection alone that took its place`, async () => {
    const answers = held(ev);
    worker.later = later;
    await emulator.writes(ana, shop, 'still being written');
    await answers.waits;
    worker.later = false;
    const seen = worker.states.length;
    const stops = [worker.ask('stop', 1), worker.ask('stop', 1)];
    await worker.state('close', 1, seen);
    const opened = emulator.open(worker, 1);
    if (ev === 'inbound')
      await opened;
    answers.release();
    await Promise.all([...stops, opened]);
    assert.ok((await worker.ask('probe', 1)).ms >= 0);
    assert.equal((await worker.ask('stats')).accounts, 1);
    assert.deepEqual(worker.states.slice(seen).filter(one => one.code === 'lease'), []);
  });

test('frames that make no sense are answered or ignored, and nothing falls over', async () => {
  worker.write('not json');
  worker.write('[]');
  worker.write('null');
  worker.write('{"id":"seven","op":"lease"}');
  await assert.rejects(worker.ask('nonsense', 1), { code: 'bad_frame' });
  await assert.rejects(worker.ask('constructor', 1), { code: 'bad_frame' });
  await assert.rejects(worker.ask('lease'), { code: 'bad_frame' });
  await assert.rejects(worker.ask('lease', 1, {}, { lease: 'long' }), { code: 'bad_frame' });
  await assert.rejects(worker.ask('replay', 1, { records: 7 }), { code: 'bad_frame' });
  await assert.rejects(worker.ask('probe', 2), { code: 'not_started' });
  await assert.rejects(worker.ask('start', 3, { creds: null, config: { webSocketUrl: 'wss://example.com/ws', deviceName: 'x' } }), { code: 'rejected' });
  await assert.rejects(worker.ask('start', 3, { creds: '{"me":{}}', config: emulator.configuration }), { code: 'rejected' });
  await assert.rejects(worker.ask('send', 1, { messageId: 'x', chat: 'nobody', content: { text: 'x' } }), { code: 'invalid_number' });
  await assert.rejects(worker.ask('send', 1, { messageId: 'x', chat: `${ana}@s.whatsapp.net`, content: { picture: 'x' } }), { code: 'rejected' });
  const stats = await worker.ask('stats');
  assert.equal(stats.accounts, 1);
  assert.ok((await worker.ask('probe', 1)).ms >= 0);
});

test('the bridge ends when its input ends', async () => {
  const other = new Worker();
  await other.open();
  await other.close();
  const [code] = await other.exited() as [number];
  assert.equal(code, 0);
});
