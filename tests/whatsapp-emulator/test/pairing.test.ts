import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './client.ts';
import { TestEmulator } from './harness.ts';

let emulator: TestEmulator;
const clients: Client[] = [];

before(async () => {
  emulator = await TestEmulator.start();
});

after(async () => {
  await Promise.all(clients.map(each => each.end()));
  await emulator?.stop();
});

function newClient(...args: ConstructorParameters<typeof Client> extends [any, ...infer Rest] ? Rest : never): Client {
  const client = new Client(emulator, ...args);
  clients.push(client);
  return client;
}

const scan = (pn: string, qr: string) => emulator.call('POST', `/admin/mock-phone/scan-qr?phone=${pn}`, qr);

test('a QR text without address and platform is accepted too', async () => {
  const client = newClient().connect();
  const { qr } = await client.until('connection.update', update => update.qr);
  const old = qr!.replace(/^[^#]*#/, '').split(',').slice(0, 4).join(',');
  const linked = await scan('40711000101', old);
  assert.equal(linked.jid, '40711000101:1@s.whatsapp.net');
  assert.equal(await client.closed(), 515);
  await client.open();
});

test('an expired code is refused with a sentence', async () => {
  const client = newClient().connect();
  const { qr } = await client.until('connection.update', update => update.qr);
  await emulator.post('/api/qr/expire');
  await assert.rejects(scan('40711000102', qr!), /expired/);
  await assert.rejects(scan('40711000102', 'hello'), /not the text of a WhatsApp pairing code/);
});

test('a client that nobody scans shows its codes one after the other and gives up', async () => {
  const client = newClient({ qrTimeout: 30 }).connect();
  assert.equal(await client.closed(), 408);
  assert.equal(client.seen.filter(each => each.name === 'connection.update' && each.value.qr).length, 6);
});

test('a pairing code links the number that it was asked for', async () => {
  const pn = '40711000103';
  const client = newClient().connect();
  await client.until('connection.update', update => update.qr);
  const code = await client.socket.requestPairingCode(pn);
  await assert.rejects(emulator.post(`/api/accounts/${pn}/link-code`, { code: 'AAAAAAAA' }), /not the code/);
  const linked = await emulator.post(`/api/accounts/${pn}/link-code`, { code: `${code.slice(0, 4)}-${code.slice(4)}`, name: 'By code' });
  assert.equal(linked.pn, pn);
  assert.equal(await client.closed(), 515);
  await client.open();
  assert.equal(client.auth.creds.me?.name, 'By code');
});

test('two devices of one account are told apart', async () => {
  const first = await newClient().pair('40711000104');
  const second = await newClient().pair('40711000104');
  assert.equal(first.auth.creds.me?.id, '40711000104:1@s.whatsapp.net');
  assert.equal(second.auth.creds.me?.id, '40711000104:2@s.whatsapp.net');
  const sent = await first.socket.sendMessage('40711000101@s.whatsapp.net', { text: 'from my other device' });
  const echo = await second.message(sent!.key.id!);
  assert.equal(echo.key.fromMe, true);
  assert.equal(echo.key.remoteJid, '40711000101@s.whatsapp.net');
});

test('accounts write to each other', async () => {
  const ana = clients[0]!;
  const ion = await newClient().pair('40711000105', 'Ion');
  const question = await ion.socket.sendMessage('40711000101@s.whatsapp.net', { text: 'open today?' });
  const asked = await ana.message(question!.key.id!);
  assert.equal(asked.key.remoteJid?.split(':')[0], '40711000105@s.whatsapp.net');
  await ion.status(question!.key.id!, 3);
  const answer = await ana.socket.sendMessage('40711000105@s.whatsapp.net', { text: 'until six' });
  await ion.message(answer!.key.id!);
});

test('the owner of an account who writes on the phone is seen by the linked device', async () => {
  const ana = clients[0]!;
  await emulator.contact('40722000101', { name: 'Maria' });
  const { id } = await emulator.send('40711000101', '40722000101', 'from my phone');
  const echo = await ana.message(id);
  assert.equal(echo.key.fromMe, true);
  assert.equal(echo.key.remoteJid, '40722000101@s.whatsapp.net');
});

test('nothing went wrong on the way', async () => {
  assert.deepEqual((await emulator.stats()).problems, []);
});
