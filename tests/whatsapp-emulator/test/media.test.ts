import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { downloadMediaMessage } from 'baileys';
import { Client, jidOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000801';
const MARIA = '40722000801';
const file = randomBytes(150_001);

let emulator: TestEmulator;
let client: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA, { name: 'Maria' });
  client = await new Client(emulator).pair(ACCOUNT);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

async function phoneHas(id: string): Promise<Buffer> {
  const response = await fetch(`http://127.0.0.1:${emulator.ready.port}/api/contacts/${MARIA}/media/${id}`);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

test('a document of the account reaches the phone over https', async () => {
  const sent = await client.socket.sendMessage(jidOf(MARIA), { document: file, mimetype: 'application/pdf', fileName: 'offer.pdf', caption: 'our offer' });
  const [shown] = await emulator.shown(MARIA);
  assert.deepEqual(shown.media, { kind: 'document', mimetype: 'application/pdf', bytes: file.length, verified: true, fileName: 'offer.pdf' });
  assert.equal(shown.text, 'our offer');
  assert.deepEqual(await phoneHas(sent!.key.id!), file);
});

test('each kind of media of a contact can be downloaded', async () => {
  for (const kind of ['image', 'video', 'audio', 'document', 'sticker']) {
    const media = { kind, base64: file.toString('base64'), ...(kind === 'image' ? { caption: 'look' } : {}) };
    const { id } = await emulator.send(MARIA, ACCOUNT, { media });
    const message = await client.message(id);
    assert.deepEqual(await downloadMediaMessage(message, 'buffer', {}), file);
    if (kind === 'image') assert.equal(message.message?.imageMessage?.caption, 'look');
  }
});

test('a part of a file can be downloaded', async () => {
  const { id } = await emulator.send(MARIA, ACCOUNT, { media: { kind: 'video', base64: file.toString('base64') } });
  const message = await client.message(id);
  const part = (await downloadMediaMessage(message, 'buffer', { startByte: 1000, endByte: 5000 } as never)) as Buffer;
  assert.deepEqual(part.subarray(0, 4000), file.subarray(1000, 5000));
});

test('transfers fail as often as they are told to', async () => {
  await emulator.post('/api/media/faults', { uploads: 1, downloads: 1 });
  const send = () => client.socket.sendMessage(jidOf(MARIA), { document: file, mimetype: 'text/plain', fileName: 'a.txt' });
  await assert.rejects(send());
  await send();
  const { id } = await emulator.send(MARIA, ACCOUNT, { media: { kind: 'image', base64: file.toString('base64') } });
  const message = await client.message(id);
  await assert.rejects(downloadMediaMessage(message, 'buffer', {}));
  assert.deepEqual(await downloadMediaMessage(message, 'buffer', {}), file);
});

test('the socket runs over TLS too', async () => {
  const secure = new Client(emulator, { waWebSocketUrl: emulator.ready.url.replace('ws://', 'wss://') });
  secure.connect();
  await secure.until('connection.update', update => update.qr);
  await secure.end();
});
