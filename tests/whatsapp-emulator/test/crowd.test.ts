import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711001101';
const CROWD = 150;
const contacts = Array.from({ length: CROWD }, (_, at) => ({ pn: String(40744000000 + at), name: `Contact ${at}` }));

let emulator: TestEmulator;
let client: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.post('/api/contacts', { contacts });
  client = await new Client(emulator).pair(ACCOUNT);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

const device = async () => (await emulator.stats()).devices[0];

test('a crowd of contacts costs one pre-key each', async () => {
  const before = (await device()).preKeys;
  const ids = await Promise.all(contacts.map(({ pn }) => emulator.send(pn, ACCOUNT, `I am ${pn}`).then(sent => sent.id)));
  for (const [at, id] of ids.entries()) assert.equal(textOf(await client.message(id)), `I am ${contacts[at]!.pn}`);
  assert.equal((await device()).preKeys, before - CROWD);
});

test('when pre-keys run low, the device is told and uploads more', async () => {
  const left = await emulator.post(`/api/accounts/${ACCOUNT}/prekeys`, { keep: 2 });
  assert.equal(left.devices[0].preKeys, 2);
  await client.until('creds.update', update => update.nextPreKeyId && update.nextPreKeyId > 813);
  await client.socket.uploadPreKeys();
  assert.ok((await device()).preKeys > 2);
});

test('a device without pre-keys can still be written to', async () => {
  await emulator.post(`/api/accounts/${ACCOUNT}/prekeys`, { keep: 0 });
  await emulator.contact('40744999999');
  const { id } = await emulator.send('40744999999', ACCOUNT, 'no keys left');
  assert.equal(textOf(await client.message(id)), 'no keys left');
});

test('difficult texts survive both ways', async () => {
  const texts = [
    '<script>alert(1)</script>',
    '\u202eright to left\u202c and \u200bzero\u200dwidth',
    '👩‍👩‍👧‍👦🇷🇴👍🏽',
    'x'.repeat(60_000),
    'ş'.repeat(60_000),
  ];
  const { pn } = contacts[0]!;
  for (const text of texts) {
    assert.equal(textOf(await client.message((await emulator.send(pn, ACCOUNT, text)).id)), text);
    const known = (await emulator.get(`/api/contacts/${pn}/messages`)).length;
    await client.socket.sendMessage(jidOf(pn), { text });
    assert.equal((await emulator.shown(pn, known + 1)).at(-1).text, text);
  }
});

test('limits of the account are told', async () => {
  const until = 1_900_000_000_000;
  await emulator.post(`/api/accounts/${ACCOUNT}/limits`, { reachoutUntil: until });
  const update = await client.until('connection.update', each => each.reachoutTimeLock?.isActive);
  assert.equal(update.reachoutTimeLock?.timeEnforcementEnds?.getTime(), until);
  assert.equal((await client.socket.fetchAccountReachoutTimelock()).isActive, true);
  const capping = { capping_status: 'FIRST_WARNING', used_quota: 40, total_quota: 50, cycle_end_timestamp: '1900000000' };
  await emulator.post(`/api/accounts/${ACCOUNT}/limits`, { reachoutUntil: until, capping });
  assert.deepEqual(await client.until('message-capping.update'), capping);
  assert.deepEqual(await client.socket.fetchNewChatMessageCap(), capping);
});

test('limits that were lifted are told', async () => {
  const from = client.seen.length;
  await emulator.post(`/api/accounts/${ACCOUNT}/limits`);
  await client.until('connection.update', each => each.reachoutTimeLock?.isActive === false, from);
  await client.until('message-capping.update', each => each.capping_status === 'NONE', from);
  assert.equal((await client.socket.fetchAccountReachoutTimelock()).isActive, false);
  assert.equal((await client.socket.fetchNewChatMessageCap()).capping_status, 'NONE');
});

test('a call rings and ends', async () => {
  const { pn } = contacts[0]!;
  const { id } = await emulator.post(`/api/contacts/${pn}/call`, { to: ACCOUNT, video: true });
  const [call] = await client.until('call', calls => calls[0]!.status === 'offer');
  assert.deepEqual([call!.id, call!.isVideo], [id, true]);
  await emulator.post(`/api/contacts/${pn}/call`, { to: ACCOUNT, id, end: true });
  await client.until('call', calls => calls[0]!.status === 'timeout');
});

test('what the owner reads on the phone is read on the linked device', async () => {
  const { pn } = contacts[0]!;
  const { id } = await emulator.send(pn, ACCOUNT, 'seen on the phone?');
  await client.message(id);
  const from = client.seen.length;
  await emulator.post(`/api/contacts/${ACCOUNT}/receipts`, { to: pn, ids: [id], type: 'read' });
  await client.status(id, 4, from);
  assert.ok((await emulator.get(`/api/contacts/${pn}/receipts?id=${id}&type=read`)).length > 0);
});

test('an account that was linked again gets what others write', async () => {
  const other = await new Client(emulator).pair('40711001102', 'Ion');
  await client.socket.sendMessage(jidOf('40711001102'), { text: 'to the first device' });
  await emulator.post('/api/accounts/40711001102/unlink');
  await other.closed();
  const again = await new Client(emulator).pair('40711001102', 'Ion');
  await client.socket.sendMessage(jidOf(contacts[0]!.pn), { text: 'in between' });
  const sent = await client.socket.sendMessage(jidOf('40711001102'), { text: 'to the second device' });
  assert.equal(textOf(await again.message(sent!.key.id!)), 'to the second device');
  await again.end();
});

test('nothing went wrong on the way', async () => {
  const { problems, counters } = await emulator.stats();
  assert.deepEqual(problems, []);
  assert.equal(counters.retryRequests ?? 0, 0);
});
