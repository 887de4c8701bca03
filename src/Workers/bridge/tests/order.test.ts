import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker, type Frame } from './worker.ts';

const shop = '40711000022';
const ana = '40722000022';
const dan = '40722000032';
let emulator: Emulator;
let group = '';
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana, { name: 'Ana' });
  await emulator.contact(dan, { name: 'Dan' });
  await worker.open();
  await emulator.link(worker, 1, shop);
  group = (await emulator.call('POST', '/api/groups', { subject: 'Family', members: [dan, ana, shop] })).jid;
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

test('a live message does not overtake the one of the offline queue that brings its key', async () => {
  await worker.ask('stop', 1, { logout: false });
  const first = await emulator.writes(ana, shop, 'before all others');
  const offline = await emulator.writes(dan, group, 'with the key of the group');
  let go!: () => void;
  const held = new Promise<void>(resolve => (go = resolve));
  let reach!: () => void;
  const reached = new Promise<void>(resolve => (reach = resolve));
  let read!: () => void;
  const wasRead = new Promise<void>(resolve => (read = resolve));
  const waits = (frame: Frame): boolean => frame.ev === 'commit' && frame.body.inbound?.key.includes(first.id);
  worker.before = async frame => {
    if (frame.ev === 'commit' && frame.body.inbound?.kind === 'receipt')
      read();
    if (!waits(frame))
      return undefined;
    reach();
    await held;
    return undefined;
  };
  const from = worker.states.length;
  await worker.ask('start', 1, { creds: worker.stored(1).creds, config: emulator.configuration });
  await reached;
  await worker.state('open', 1, from);
  const live = await emulator.writes(dan, group, 'needs that key');
  await emulator.call('POST', `/api/contacts/${dan}/receipts`, { to: shop, ids: ['3EB0D1'], type: 'read' });
  await wasRead; // What came before it was, too.
  worker.before = () => undefined;
  go();
  for (const { id } of [first, offline, live])
    await worker.event(1, one => one.type === 'message' && one.id === id, `message ${id}`);
  assert.equal((await emulator.counters()).retryRequests ?? 0, 0);
  const shown = worker.stored(1).events.filter(one => one.type === 'message' && one.chat.jid === group).map(one => one.id);
  assert.deepEqual(shown, [offline.id, live.id]);
});
