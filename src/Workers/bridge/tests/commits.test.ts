import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker, type Frame } from './worker.ts';

const shop = '40711000002';
const ana = '40722000002';
const dan = '40722000003';
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana, { name: 'Ana' });
  await emulator.contact(dan, { name: 'Dan' });
  await worker.open();
  await emulator.link(worker, 1, shop);
});

afterEach(() => {
  worker.before = () => undefined;
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

const keepsMessage = (frame: Frame): boolean => frame.ev === 'commit' && frame.body.inbound?.kind === 'message';
const noNoise = async (from: Record<string, number>): Promise<void> => {
  const now = await emulator.counters();
  assert.equal(now.nacks ?? 0, from.nacks ?? 0, 'no NACK');
  assert.equal(now.retryRequests ?? 0, from.retryRequests ?? 0, 'no retry request');
};
const bubbles = (id: string): any[] => worker.stored(1).events.filter(one => one.type === 'message' && one.id === id);
const text = (id: string) => worker.event(1, one => one.type === 'message' && one.id === id, `message ${id}`);

for (const [name, refusal] of [
  ['refused because the disk is full', { code: 'refused', message: 'The disk is full.' }],
  ['refused because the lease is lost', { code: 'lease_lost', message: 'Another worker has it.' }],
] as const)
  test(`a commit that is ${name} ends the connection without a NACK or a retry, and the message comes again`, async () => {
    const counters = await emulator.counters();
    const seen = worker.states.length;
    worker.before = frame => keepsMessage(frame) ? { err: refusal } : undefined;
    const { id } = await emulator.writes(ana, shop, name);
    const close = await worker.state('close', 1, seen);
    assert.equal(close.code, refusal.code === 'lease_lost' ? 'lease' : 428);
    assert.equal(worker.stored(1).records.has(`message/${id}/${ana}@s.whatsapp.net/`), false);
    worker.before = () => undefined;
    await emulator.open(worker, 1);
    assert.equal((await text(id)).text, name);
    await emulator.receipts(ana, 1, `&id=${id}`);
    await noNoise(counters);
  });

test('a bridge that is killed before the commit is answered loses nothing and shows nothing twice', async () => {
  const counters = await emulator.counters();
  let killed: Promise<void> | undefined;
  worker.before = async frame => {
    if (!keepsMessage(frame) || killed)
      return undefined;
    killed = worker.kill();
    await killed;
    return 'silence'; // The worker's transaction was rolled back with it.
  };
  const { id } = await emulator.writes(ana, shop, 'before the commit');
  await worker.until(() => killed);
  await killed;
  await worker.open();
  await emulator.open(worker, 1);
  await text(id);
  await emulator.receipts(ana, 1, `&id=${id}`);
  assert.equal(bubbles(id).length, 1);
  await noNoise(counters);
});

test('a bridge that is killed after the commit answers the redelivery from what was saved', async () => {
  const counters = await emulator.counters();
  let killed: Promise<void> | undefined;
  let key = '';
  worker.before = async frame => {
    if (frame.ev === 'plaintext')
      key = frame.body.hash;
    if (!keepsMessage(frame) || killed)
      return undefined;
    killed = worker.kill();
    await killed;
    return undefined; // Committed; nobody is left to hear it.
  };
  const { id } = await emulator.writes(ana, shop, 'after the commit');
  await worker.until(() => killed);
  await killed;
  await worker.open();
  await emulator.open(worker, 1);
  await text(id);
  await emulator.receipts(ana, 1, `&id=${id}`);
  assert.ok(key, 'the saved plaintext was asked for');
  await noNoise(counters);
});

test('a message whose receipt was lost comes again and is acknowledged', async () => {
  const counters = await emulator.counters();
  await emulator.call('POST', `/api/accounts/${shop}/faults`, { cutOnReceipts: 1 });
  const seen = worker.states.length;
  const { id } = await emulator.writes(ana, shop, 'the receipt is lost');
  await worker.state('close', 1, seen);
  await text(id);
  await emulator.open(worker, 1);
  await emulator.receipts(ana, 1, `&id=${id}`);
  await noNoise(counters);
});

test('a receipt is acknowledged only after its commit', async () => {
  const messageId = '3EB0BBBBBBBBBBBBBBBB01';
  const seen = worker.states.length;
  let held = 0;
  worker.before = frame => {
    if (frame.ev !== 'commit' || frame.body.inbound?.kind !== 'receipt')
      return undefined;
    held++;
    return { err: { code: 'refused', message: 'The disk is full.' } };
  };
  await worker.ask('send', 1, { messageId, chat: `${ana}@s.whatsapp.net`, content: { text: 'who gets this?' } });
  await worker.state('close', 1, seen);
  assert.ok(held > 0);
  worker.before = () => undefined;
  await emulator.open(worker, 1);
  const receipt = await worker.event(1, one => one.type === 'receipt' && one.ids.includes(messageId) && !one.fromMe);
  assert.equal(receipt.sender.pn, ana);
});

for (const nth of [1, 2])
  test(`a group's first message survives a kill at its ${nth === 1 ? 'first' : 'second'} commit`, async () => {
    const counters = await emulator.counters();
    const { jid } = await emulator.call('POST', '/api/groups', { subject: `Family ${nth}`, members: [dan, ana, shop] });
    let commits = 0;
    let killed: Promise<void> | undefined;
    worker.before = async frame => {
      if (!keepsMessage(frame) || killed || ++commits < nth)
        return undefined;
      killed = worker.kill();
      await killed;
      return 'silence';
    };
    const { id } = await emulator.writes(dan, jid, 'to all of you');
    await worker.until(() => killed);
    await killed;
    await worker.open();
    await emulator.open(worker, 1);
    const event = await text(id);
    assert.equal(event.chat.group, true);
    assert.equal(event.chat.jid, jid);
    assert.equal(event.sender.pn, dan);
    assert.equal(worker.stored(1).events.some(one => one.type === 'placeholder' && one.id === id), false);
    await noNoise(counters);
  });

test("what a replay made of a group message's first part does not close the second", async () => {
  const { jid } = await emulator.call('POST', '/api/groups', { subject: 'In parts', members: [dan, ana, shop] });
  const of = (frame: Frame): any => frame.ev === 'inbound' ? frame.body.items.find((item: any) => item.key.includes(id)) : undefined;
  let id = '';
  let commits = 0;
  worker.before = async frame => {
    if (!keepsMessage(frame) || ++commits < 2)
      return undefined;
    await worker.kill();
    return 'silence';
  };
  ({ id } = await emulator.writes(dan, jid, 'in two parts'));
  await worker.until(() => commits === 2, 'the second commit');
  await worker.exited();
  const stored = worker.stored(1);
  const first = [...stored.records.values()].find(record => record.key.includes(id));
  assert.equal(first.plaintexts.length, 1);

  // The replay of the first part is answered only when the second is saved, and the bridge dies before it can tell that.
  let replayed = false;
  let whole = false;
  worker.before = async frame => {
    if (!of(frame))
      return undefined;
    if (of(frame).at === first.at) {
      assert.deepEqual(of(frame).events, []);
      replayed = true;
      await worker.until(() => stored.records.get(first.key).plaintexts.length === 2, 'the second part');
      return undefined;
    }
    whole = true;
    await worker.kill();
    return 'silence';
  };
  await worker.open();
  await worker.ask('start', 1, { creds: stored.creds, config: emulator.configuration });
  await worker.ask('replay', 1, { records: [first] }).catch(() => {}); // It may die before it can answer.
  await worker.until(() => replayed && whole, 'the whole message');
  await worker.exited();
  assert.equal(stored.done.has(first.key), false);
  assert.equal(bubbles(id).length, 0);

  worker.before = () => undefined;
  await worker.open();
  await emulator.open(worker, 1);
  await worker.ask('replay', 1, { records: [stored.records.get(first.key)] });
  assert.equal((await text(id)).text, 'in two parts');
  assert.equal(stored.done.has(first.key), true);
});

test('the first link gives the keys of the app state in the commit of the message that brought them', () => {
  const brought = worker.frames.find(frame => keepsMessage(frame) && frame.body.keys.some(([type]: string[]) => type === 'app-state-sync-key'));
  assert.ok(brought);
  assert.ok(JSON.parse(brought.body.creds).myAppStateKeyId);
});
