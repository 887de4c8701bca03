import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const ana = '40722000005';
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana, { name: 'Ana' });
  await worker.open();
});

after(async () => {
  worker.before = () => undefined;
  await worker.close();
  await emulator.stop();
});

test('a phone that scans is linked, and nothing was stored before it did', async () => {
  await worker.ask('start', 1, { creds: null, config: emulator.configuration });
  const { qr, expiresInMs } = await worker.state('qr', 1);
  assert.equal(expiresInMs, 60_000);
  assert.equal(worker.frames.some(frame => frame.ev === 'commit'), false);
  await emulator.call('POST', '/admin/mock-phone/scan-qr?phone=40711000005', qr);
  const paired = await worker.state('paired', 1);
  assert.equal(paired.phone, '40711000005');
  assert.match(paired.lid, /^\d+@lid$/);
  assert.equal((await worker.state('close', 1)).code, 515);
});

test('a pairing whose credentials could not be saved is not completed', async () => {
  const refusing = new Worker();
  refusing.before = frame => frame.ev === 'state' && frame.body.state === 'paired' ? { err: { code: 'refused', message: 'The disk is full.' } } : undefined;
  await refusing.open();
  await refusing.ask('start', 1, { creds: null, config: emulator.configuration });
  const { qr } = await refusing.state('qr', 1);
  void emulator.call('POST', '/admin/mock-phone/scan-qr?phone=40711000015', qr).catch(() => {});
  await refusing.state('close', 1);
  assert.equal(refusing.stored(1).creds, undefined);
  await refusing.close();
  const linked = await emulator.call<any[]>('GET', '/api/accounts');
  assert.deepEqual(linked.filter(one => one.pn === '40711000015' && one.devices.length > 0), []);
});

test('a code links as well, and leaves nothing behind before it is entered', async () => {
  const from = worker.frames.length;
  await worker.ask('start', 2, { creds: null, config: emulator.configuration });
  const { code } = await worker.ask('pair-code', 2, { phone: '40711000025' });
  assert.match(code, /^[A-Z0-9]{8}$/);
  assert.equal(worker.frames.slice(from).some(frame => frame.ev === 'commit'), false);
  await emulator.contact('40711000025');
  await emulator.call('POST', '/api/accounts/40711000025/link-code', { code });
  const paired = await worker.state('paired', 2);
  assert.equal(paired.phone, '40711000025');
  await worker.state('close', 2);
  await emulator.open(worker, 2);
});

test('the names and messages that the phone gives to a new device are events of the past', async () => {
  const shop = '40711000035';
  await emulator.contact(shop, { name: 'Shop' });
  await emulator.contact(ana, { history: [{ text: 'from before you were linked', account: shop }] });
  await emulator.link(worker, 3, shop);
  const old = await worker.event(3, one => one.type === 'message' && one.history, 'a message of the past');
  assert.equal(old.text, 'from before you were linked');
  assert.equal(old.fromMe, false);
  assert.equal(old.chat.pn, ana);
  const { chat } = await worker.event(3, one => one.type === 'chat' && one.name === 'Ana', 'a name');
  assert.equal(chat.pn, ana);
  assert.equal(chat.lid, old.chat.lid);
});

test('an account that is unlinked on its phone is logged out', async () => {
  const seen = worker.states.length;
  await emulator.open(worker, 1);
  await emulator.call('POST', '/api/accounts/40711000005/unlink', {});
  const close = await worker.state('close', 1, seen);
  assert.equal(close.code, 401);
  assert.equal(close.loggedOut, true);
});

test('stop with logout unlinks the device', async () => {
  const seen = worker.states.length;
  await worker.ask('stop', 2, { logout: true });
  assert.equal((await worker.state('close', 2, seen)).code, 'stopped');
  const linked = await emulator.call<any[]>('GET', '/api/accounts');
  assert.deepEqual(linked.find(one => one.pn === '40711000025')?.devices ?? [], []);
});
