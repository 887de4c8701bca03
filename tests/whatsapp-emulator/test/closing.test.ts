import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000301';
const MARIA = '40722000301';

let emulator: TestEmulator;
let client: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA);
  client = await new Client(emulator).pair(ACCOUNT);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

/** Ends the connection in this way, and says with which code Baileys closed. */
async function closedBy(disconnect: Record<string, unknown>): Promise<number> {
  const from = client.seen.length;
  const { closed } = await emulator.post(`/api/accounts/${ACCOUNT}/disconnect`, disconnect);
  assert.equal(closed, 1);
  const code = await client.closed(from);
  await client.open();
  return code;
}

test('a cut cable and a clean close are 428', async () => {
  assert.equal(await closedBy({ mode: 'abort' }), 428);
  assert.equal(await closedBy({ mode: 'close' }), 428);
});

test('stream errors keep their code', async () => {
  assert.equal(await closedBy({ mode: 'stream-error', code: 500 }), 500);
  assert.equal(await closedBy({ mode: 'stream-error', code: 503 }), 503);
  assert.equal(await closedBy({ mode: 'stream-error', code: 515 }), 515);
  assert.equal(await closedBy({ mode: 'stream-error', conflict: true }), 440);
});

test('failures keep their reason', async () => {
  for (const reason of [401, 403, 405, 411, 503]) assert.equal(await closedBy({ mode: 'failure', reason }), reason);
});

test('a login can be made to fail', async () => {
  await client.end();
  await emulator.post(`/api/accounts/${ACCOUNT}/faults`, { loginFailure: 503 });
  const from = client.seen.length;
  client.connect();
  assert.equal(await client.closed(from), 503);
  await emulator.call('DELETE', `/api/accounts/${ACCOUNT}/faults`);
  await client.open();
});

test('a second login with the same keys replaces the first: 440', async () => {
  const from = client.seen.length;
  const second = await new Client(emulator, {}, client.auth).open();
  assert.equal(await client.closed(from), 440);
  await second.end();
  await client.open();
});

test('an unreachable network refuses and cuts: 428, then 408', async () => {
  let from = client.seen.length;
  await emulator.post('/api/network', { reachable: false });
  assert.equal(await client.closed(from), 428);
  from = client.seen.length;
  client.connect();
  assert.equal(await client.closed(from), 408);
  await emulator.post('/api/network', { reachable: true });
  await client.open();
});

test('a frozen connection takes what is sent and says nothing more', async () => {
  await emulator.post(`/api/accounts/${ACCOUNT}/disconnect`, { mode: 'freeze' });
  const before = (await emulator.stats()).counters.messagesFromClients ?? 0;
  await client.socket.sendPresenceUpdate('available');
  const { id } = await emulator.send(MARIA, ACCOUNT, 'are you there?');
  assert.equal((await emulator.stats()).counters.messagesFromClients ?? 0, before);
  const frozen = client;
  const from = frozen.seen.length;
  client = await new Client(emulator, {}, frozen.auth).open();
  await client.message(id);
  assert.equal(frozen.seen.slice(from).some(each => each.name === 'connection.update' && each.value.connection === 'close'), false);
});

test('silence beyond the keep-alive is 408', async () => {
  await client.end();
  const impatient = new Client(emulator, { keepAliveIntervalMs: 50, defaultQueryTimeoutMs: 400 }, client.auth);
  await impatient.open();
  const from = impatient.seen.length;
  const { ws } = impatient.socket;
  const closing = new Promise<void>(resolve => {
    const close = ws.close.bind(ws);
    ws.close = () => {
      resolve();
      return close();
    };
  });
  await emulator.post(`/api/accounts/${ACCOUNT}/disconnect`, { mode: 'freeze' });
  // Baileys gives up after 5 s, then waits for the close frame of a peer that says nothing: cut it short.
  await closing;
  await emulator.post(`/api/accounts/${ACCOUNT}/disconnect`, { mode: 'abort' });
  assert.equal(await impatient.closed(from), 408);
});

test('a device that the phone removed is 401, also when it comes again', async () => {
  await client.open();
  let from = client.seen.length;
  assert.deepEqual((await emulator.post(`/api/accounts/${ACCOUNT}/unlink`)).unlinked, [1]);
  assert.equal(await client.closed(from), 401);
  from = client.seen.length;
  client.connect();
  assert.equal(await client.closed(from), 401);
});

test('logout removes the device', async () => {
  const other = await new Client(emulator).pair('40711000302');
  const from = other.seen.length;
  await other.socket.logout();
  assert.equal(await other.closed(from), 401);
  await emulator.get('/api/accounts/40711000302');
  assert.deepEqual((await emulator.get('/api/accounts/40711000302')).devices, []);
});

test('nobody else was disturbed', async () => {
  const other = await new Client(emulator).pair('40711000303');
  const sent = await other.socket.sendMessage(jidOf(MARIA), { text: 'still here' });
  assert.ok((await emulator.shown(MARIA, 1, '40711000303')).some(each => each.id === sent!.key.id));
  await other.end();
});
