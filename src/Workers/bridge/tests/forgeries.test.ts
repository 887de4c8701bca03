import '../src/silence.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, afterEach, before, test } from 'node:test';
import { Curve } from 'baileys';
import { Emulator } from './emulator.ts';
import { closeSignatureHoles, findOpenHole } from '../src/signatures.ts';
import { verifyChain } from '../src/noise.ts';
import { Worker } from './worker.ts';

const ana = '40722000009';
let emulator: Emulator;
let plain: any;

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana);
  // Baileys as it is published, beside the one inside this bundle.
  plain = await import(pathToFileURL(join(import.meta.dirname, '../../node_modules/baileys/lib/index.js')).href);
});

afterEach(() => emulator.call('POST', '/api/security', { forgeChain: false, forgeAccountSignature: false, forgeSignedPreKey: false }));

after(() => emulator.stop());

/** Plain Baileys with its keys in memory, until it shows a QR. */
function plainSocket(creds = plain.initAuthCreds(), keys = new Map<string, any>()): any {
  const store = {
    get: async (type: string, ids: string[]) => Object.fromEntries(ids.flatMap(id => keys.has(`${type}/${id}`) ? [[id, keys.get(`${type}/${id}`)]] : [])),
    set: async (data: any) => {
      for (const type of Object.keys(data))
        for (const id of Object.keys(data[type]))
          keys.set(`${type}/${id}`, data[type][id]);
    },
  };
  const quiet: any = { level: 'silent', trace() {}, debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
  const sock = plain.makeWASocket({ waWebSocketUrl: emulator.ready.url, auth: { creds, keys: store }, logger: quiet });
  return Object.assign(sock, { keys });
}

function update(sock: any, look: (update: any) => unknown): Promise<any> {
  return new Promise((resolve, reject) => sock.ev.on('connection.update', (one: any) => {
    if (look(one))
      resolve(one);
    else if (one.connection === 'close')
      reject(one.lastDisconnect.error);
  }));
}

test('plain Baileys takes any signature for genuine, and the bridge does not', async () => {
  const owner = Curve.generateKeyPair();
  const message = Buffer.from('message');
  const signature = Buffer.from(Curve.sign(owner.private, message));
  signature[0]! ^= 1;
  assert.equal(plain.Curve.verify(owner.public, message, signature), true);
  assert.ok(await findOpenHole(), 'the check finds what is open');
  closeSignatureHoles();
  assert.equal(Curve.verify(owner.public, message, signature), false);
  assert.equal(await findOpenHole(), undefined);
});

test('a genuine certificate beside another server key is refused', () => {
  const { CertChain } = plain.proto;
  const [root, intermediate, server] = [Curve.generateKeyPair(), Curve.generateKeyPair(), Curve.generateKeyPair()];
  const middle = CertChain.NoiseCertificate.Details.encode({ serial: 3, issuerSerial: 0, key: intermediate.public }).finish();
  const leaf = CertChain.NoiseCertificate.Details.encode({ serial: 4, issuerSerial: 3, key: server.public }).finish();
  const chain = CertChain.encode({
    intermediate: { details: middle, signature: Curve.sign(root.private, middle) },
    leaf: { details: leaf, signature: Curve.sign(intermediate.private, leaf) },
  }).finish();
  verifyChain(chain, server.public, root.public);
  assert.throws(() => verifyChain(chain, Curve.generateKeyPair().public, root.public), /another server/);
  assert.throws(() => verifyChain(chain, server.public, Curve.generateKeyPair().public), /root did not sign/);
});

for (const forgeChain of ['leaf', 'intermediate'])
  test(`a forged ${forgeChain} certificate: plain Baileys shows a QR, the bridge hangs up`, async () => {
    await emulator.call('POST', '/api/security', { forgeChain });
    const sock = plainSocket();
    await update(sock, one => one.qr);
    await sock.end();
    await refused(worker => worker.ask('start', 1, { creds: null, config: emulator.configuration }), 495);
  });

test('the emulator\'s own root is not WhatsApp\'s', () =>
  refused(worker => worker.ask('start', 1, { creds: null, config: { ...emulator.configuration, rootPublicKey: undefined } }), 495));

test('a forged account signature: plain Baileys links, the bridge does not', async () => {
  await emulator.call('POST', '/api/security', { forgeAccountSignature: true });
  const sock = plainSocket();
  const { qr } = await update(sock, one => one.qr);
  const linked = update(sock, one => one.isNewLogin);
  void emulator.call('POST', '/admin/mock-phone/scan-qr?phone=40711000008', qr).catch(() => {});
  await linked;
  await sock.end();

  const worker = new Worker();
  await worker.open();
  await worker.ask('start', 1, { creds: null, config: emulator.configuration });
  const shown = await worker.state('qr');
  void emulator.call('POST', '/admin/mock-phone/scan-qr?phone=40711000009', shown.qr).catch(() => {});
  await worker.state('close');
  assert.equal(worker.states.some(one => one.state === 'paired'), false);
  await worker.close();
});

test('a forged signed prekey: plain Baileys sends, the bridge does not', async () => {
  const first = plainSocket();
  const { qr } = await update(first, one => one.qr);
  const linked = update(first, one => one.isNewLogin);
  await emulator.call('POST', '/admin/mock-phone/scan-qr?phone=40711000010', qr);
  await linked;
  const second = plainSocket(first.authState.creds, first.keys);
  await update(second, one => one.connection === 'open');
  await emulator.call('POST', '/api/security', { forgeSignedPreKey: true });
  await second.sendMessage(`${ana}@s.whatsapp.net`, { text: 'with a forged prekey' });
  await second.end();

  await emulator.call('POST', '/api/security', { forgeSignedPreKey: false });
  const worker = new Worker();
  await worker.open();
  await emulator.link(worker, 1, '40711000011');
  await emulator.call('POST', '/api/security', { forgeSignedPreKey: true });
  const counters = await emulator.counters();
  await assert.rejects(worker.ask('send', 1, { messageId: '3EB0CCCCCCCCCCCCCCCC01', chat: `${ana}@s.whatsapp.net`, content: { text: 'never' } }), { code: 'rejected' });
  assert.equal((await emulator.counters()).messagesFromClients, counters.messagesFromClients, 'nothing was sent');
  await worker.close();
});

test('a bridge without its own handshake refuses to run and says what to do', async () => {
  const worker = new Worker();
  const { fatal } = await worker.open('unsafe.js');
  assert.equal(fatal.code, 'unsafe_baileys');
  assert.match(fatal.message, /npm run build/);
  assert.deepEqual(await worker.exited(), [3, null]);
});

async function refused(start: (worker: Worker) => Promise<unknown>, code: number): Promise<void> {
  const worker = new Worker();
  await worker.open();
  await start(worker);
  const close = await worker.state('close');
  assert.equal(close.code, code);
  assert.match(close.reason, /not genuine/);
  assert.equal(worker.states.some(one => one.state === 'qr'), false);
  await worker.close();
}

