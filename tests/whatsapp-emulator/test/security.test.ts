import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { proto, WA_CERT_DETAILS } from 'baileys';
import { NoiseProbe } from './noiseprobe.ts';
import { Client, jidOf } from './client.ts';
import { TestEmulator } from './harness.ts';
import { verify } from '../src/keys.ts';

let emulator: TestEmulator;
const clients: Client[] = [];

before(async () => {
  emulator = await TestEmulator.start('--root-key', Buffer.from('a fixed root').toString('base64'));
});

after(async () => {
  await Promise.all(clients.map(each => each.end()));
  await emulator?.stop();
});

/** Which signatures of the chain hold, checked by ourselves since Baileys does not. */
async function chain() {
  const chain = await new NoiseProbe(emulator.ready.url).chain();
  const root = Buffer.from(emulator.ready.rootPublicKey, 'base64');
  const intermediate = proto.CertChain.NoiseCertificate.Details.decode(chain.intermediate!.details!);
  return {
    intermediate: verify(root, chain.intermediate!.details!, chain.intermediate!.signature!),
    leaf: verify(intermediate.key!, chain.leaf!.details!, chain.leaf!.signature!),
    issuerSerial: intermediate.issuerSerial,
  };
}

test('the chain is signed by the root that is announced, which is not that of WhatsApp', async () => {
  assert.deepEqual(await chain(), { intermediate: true, leaf: true, issuerSerial: 0 });
  const root = Buffer.from(emulator.ready.rootPublicKey, 'base64');
  assert.equal(root.length, 32);
  assert.notDeepEqual(root, WA_CERT_DETAILS.PUBLIC_KEY);
});

test('the same seed gives the same root', async () => {
  const twin = await TestEmulator.start('--root-key', Buffer.from('a fixed root').toString('base64'));
  assert.equal(twin.ready.rootPublicKey, emulator.ready.rootPublicKey);
  await twin.stop();
});

test('plain Baileys accepts a forged chain', async () => {
  await emulator.post('/api/security', { forgeChain: 'leaf' });
  assert.deepEqual(await chain(), { intermediate: true, leaf: false, issuerSerial: 0 });
  await emulator.post('/api/security', { forgeChain: 'intermediate' });
  assert.deepEqual(await chain(), { intermediate: false, leaf: true, issuerSerial: 0 });
  const client = new Client(emulator).connect();
  clients.push(client);
  await client.until('connection.update', update => update.qr);
  await emulator.post('/api/security', { forgeChain: false });
});

test('plain Baileys accepts a pairing whose account signature is forged', async () => {
  await emulator.post('/api/security', { forgeAccountSignature: true });
  clients.push(await new Client(emulator).pair('40711000201'));
  await emulator.post('/api/security', { forgeAccountSignature: false });
});

test('plain Baileys encrypts to a contact whose signed pre-key is forged', async () => {
  await emulator.contact('40722000201');
  await emulator.post('/api/security', { forgeSignedPreKey: true });
  await clients.at(-1)!.socket.sendMessage(jidOf('40722000201'), { text: 'for whom?' });
  const [shown] = await emulator.shown('40722000201');
  assert.equal(shown.text, 'for whom?');
});
