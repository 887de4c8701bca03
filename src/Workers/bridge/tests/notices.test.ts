import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const shop = '40711000021';
const ana = '40722000021';
const chat = `${ana}@s.whatsapp.net`;
const until = 1_900_000_000_000;
const capping = { capping_status: 'FIRST_WARNING', used_quota: 40, total_quota: 50, cycle_end_timestamp: String(until / 1000) };
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana, { name: 'Ana' });
  await emulator.contact(shop, { name: 'Shop' });
  await emulator.call('POST', `/api/accounts/${shop}/limits`, { reachoutUntil: until, capping });
  await worker.open();
  await emulator.link(worker, 1, shop);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

const notice = (kind: string, over: boolean, from = 0): Promise<any> =>
  worker.until(() => worker.states.slice(from).find(one => one.state === 'notice' && one.kind === kind && !!one.over === over), `${over ? 'the end of ' : ''}${kind}`);

async function reopen(config: object = {}): Promise<number> {
  await worker.ask('stop', 1, { logout: false });
  const from = worker.states.length;
  await worker.ask('start', 1, { creds: worker.stored(1).creds, config: { ...emulator.configuration, ...config } });
  await worker.state('open', 1, from);
  return from;
}

test('limits from before the link are known with the first connection', async () => {
  const lock = await notice('reachout_time_lock', false);
  assert.equal(lock.until, until);
  const { used, total, level, ...rest } = await notice('message_capping', false);
  assert.deepEqual({ used, total, level, until: rest.until }, { used: 40, total: 50, level: 'first_warning', until });
});

test('limits that are lifted are withdrawn, and set again they are told again', async () => {
  let from = worker.states.length;
  await emulator.call('POST', `/api/accounts/${shop}/limits`, {});
  await notice('reachout_time_lock', true, from);
  await notice('message_capping', true, from);
  from = worker.states.length;
  await emulator.call('POST', `/api/accounts/${shop}/limits`, { capping: { ...capping, capping_status: 'CAPPED', used_quota: 50 } });
  const capped = await notice('message_capping', false, from);
  assert.deepEqual([capped.level, capped.used], ['capped', 50]);
});

test('what was lifted while nobody listened is withdrawn with the next connection', async () => {
  await worker.kill();
  await emulator.call('POST', `/api/accounts/${shop}/limits`, {});
  await worker.open();
  const from = worker.states.length;
  await emulator.open(worker, 1);
  await notice('reachout_time_lock', true, from);
  await notice('message_capping', true, from);
});

test('a phone that does not confirm what was sent in its name is offline, until it is heard', async () => {
  const from = await reopen({ phoneQuietMs: 100 });
  await emulator.call('PATCH', `/api/contacts/${shop}`, { online: false });
  const before = Date.now();
  await worker.ask('send', 1, { messageId: '3EB0A001', chat, content: { text: 'is your phone on?' } });
  const offline = await notice('phone_offline', false, from);
  assert.ok(offline.at >= before && offline.until > offline.at);
  const then = worker.states.length;
  await emulator.call('PATCH', `/api/contacts/${shop}`, { online: true });
  await notice('phone_offline', true, then);
});

test('a client that WhatsApp finds too old is told so, and no longer when it is taken again', async () => {
  await worker.ask('stop', 1, { logout: false });
  await emulator.call('POST', `/api/accounts/${shop}/faults`, { loginFailure: 405 });
  let from = worker.states.length;
  await worker.ask('start', 1, { creds: worker.stored(1).creds, config: emulator.configuration });
  assert.equal((await worker.state('close', 1, from)).code, 405);
  await notice('client_outdated', false, from);
  await emulator.call('DELETE', `/api/accounts/${shop}/faults`);
  from = worker.states.length;
  await emulator.open(worker, 1);
  await notice('client_outdated', true, from);
});

test('the worker hears that the offline queue was handed over when it has what became of it', async () => {
  await worker.ask('stop', 1, { logout: false });
  const count = 150;
  const { ids } = await emulator.call('POST', `/api/contacts/${ana}/burst`, { to: shop, count, text: 'away {n}' });
  let missing: string[] | undefined;
  worker.before = frame => {
    if (frame.ev === 'state' && frame.body.state === 'caught_up')
      missing = ids.filter((id: string) => !worker.stored(1).events.some(one => one.type === 'message' && one.id === id));
    return undefined;
  };
  const from = worker.states.length;
  const before = Date.now();
  await emulator.open(worker, 1);
  const caughtUp = await worker.state('caught_up', 1, from);
  worker.before = () => undefined;
  assert.deepEqual(missing, []);
  assert.equal(caughtUp.count, count);
  assert.ok(caughtUp.at >= before);
});

test('a connection that breaks before all was handed over does not say so', async () => {
  await worker.ask('stop', 1, { logout: false });
  await emulator.call('POST', `/api/contacts/${ana}/burst`, { to: shop, count: 20, text: 'again away {n}' });
  const from = worker.states.length;
  worker.before = frame => frame.ev === 'commit' && frame.body.inbound ? { err: { code: 'refused', message: 'The disk is full.' } } : undefined;
  await worker.ask('start', 1, { creds: worker.stored(1).creds, config: emulator.configuration });
  await worker.state('close', 1, from);
  worker.before = () => undefined;
  assert.equal(worker.states.slice(from).some(one => one.state === 'caught_up'), false);
  const then = worker.states.length;
  await emulator.open(worker, 1);
  await worker.state('caught_up', 1, then);
});
