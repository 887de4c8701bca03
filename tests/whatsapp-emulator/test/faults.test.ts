import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, jidOf, textOf } from './client.ts';
import { TestEmulator } from './harness.ts';

const ACCOUNT = '40711000401';
const MARIA = '40722000401';

let emulator: TestEmulator;
let client: Client;

before(async () => {
  emulator = await TestEmulator.start();
  await emulator.contact(MARIA, { name: 'Maria' });
  client = await new Client(emulator, { retryRequestDelayMs: 10 }).pair(ACCOUNT);
  await client.message((await emulator.send(MARIA, ACCOUNT, 'hello')).id);
  await say('hello to you');
  await emulator.shown(MARIA);
});

after(async () => {
  await client?.end();
  await emulator?.stop();
});

async function say(text: string): Promise<string> {
  return (await client.socket.sendMessage(jidOf(MARIA), { text }))!.key.id!;
}

const sendFault = (send: Record<string, unknown>) => emulator.post(`/api/accounts/${ACCOUNT}/faults`, { send });
const isShown = async (id: string) => (await emulator.shown(MARIA)).some(each => each.id === id);

test('lost: the message goes nowhere and is not acknowledged', async () => {
  await sendFault({ mode: 'lost', remaining: 1 });
  const lost = await say('lost');
  const next = await say('next');
  await client.until('ack', node => node.attrs.id === next);
  assert.equal(await isShown(lost), false);
  assert.equal(await isShown(next), true);
  assert.equal(client.seen.some(each => each.name === 'ack' && each.value.attrs.id === lost), false);
});

test('the same id again is shown once', async () => {
  const id = await say('twice');
  await client.until('ack', node => node.attrs.id === id);
  await client.socket.sendMessage(jidOf(MARIA), { text: 'twice' }, { messageId: id });
  const again = await say('after it');
  await client.until('ack', node => node.attrs.id === again);
  const same = (await emulator.shown(MARIA)).filter(each => each.id === id);
  assert.deepEqual(same.map(each => each.duplicates), [1]);
});

test('no-ack: the phone gets the message, the client no ack', async () => {
  await sendFault({ mode: 'no-ack', remaining: 1 });
  const id = await say('silent');
  const next = await say('next');
  await client.until('ack', node => node.attrs.id === next);
  assert.equal(await isShown(id), true);
  assert.equal(client.seen.some(each => each.name === 'ack' && each.value.attrs.id === id), false);
});

test('ack-lost: the phone gets the message, and the connection breaks instead of the ack', async () => {
  await sendFault({ mode: 'ack-lost', remaining: 1 });
  const from = client.seen.length;
  const id = await say('cut');
  assert.equal(await client.closed(from), 428);
  assert.equal(await isShown(id), true);
  await client.open();
});

test('reject: the ack has an error', async () => {
  await sendFault({ mode: 'reject', remaining: 1, error: 479 });
  const id = await say('refused');
  const ack = await client.until('ack', node => node.attrs.id === id);
  assert.equal(ack.attrs.error, '479');
  await client.status(id, 0);
  assert.equal(await isShown(id), false);
});

test('delay: acknowledged and delivered late', async () => {
  await sendFault({ mode: 'delay', remaining: 1, delayMs: 5_000 }); // Far longer than a busy machine takes for what follows.
  const slow = await say('slow');
  const fast = await say('fast');
  await client.until('ack', node => node.attrs.id === slow);
  const order = client.seen.filter(each => each.name === 'ack').map(each => each.value.attrs.id);
  assert.ok(order.indexOf(fast) < order.indexOf(slow));
  assert.equal(await isShown(slow), true);
});

test('an iq that is ignored stays without answer', async () => {
  await emulator.post(`/api/accounts/${ACCOUNT}/faults`, { ignoreIq: ['w:p'] });
  const ping = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' }, content: [{ tag: 'ping', attrs: {} }] };
  assert.equal(await client.socket.query(ping, 100).catch(() => undefined), undefined);
  await emulator.call('DELETE', `/api/accounts/${ACCOUNT}/faults`);
  assert.equal((await client.socket.query({ ...ping, attrs: { ...ping.attrs } })).attrs.type, 'result');
});

test('a phone that can not decrypt asks again and shows the message once', async () => {
  await emulator.patch(`/api/contacts/${MARIA}`, { failNextDecrypts: 1 });
  const id = await say('hard to read');
  const list = await emulator.get(`/api/contacts/${MARIA}/messages?min=${(await emulator.shown(MARIA)).length + 1}&wait=5000`);
  const shown = list.filter((each: any) => each.id === id);
  assert.deepEqual(shown.map((each: any) => [each.text, each.duplicates]), [['hard to read', 0]]);
});

test('a phone that fails twice sends its keys along', async () => {
  await emulator.patch(`/api/contacts/${MARIA}`, { failNextDecrypts: 2 });
  const before = (await emulator.shown(MARIA)).length;
  const id = await say('harder to read');
  const list = await emulator.shown(MARIA, before + 1);
  assert.equal(list.find(each => each.id === id)?.text, 'harder to read');
});

test('a corrupt message is asked for again, and arrives', async () => {
  const from = client.seen.length;
  await emulator.patch(`/api/contacts/${MARIA}`, { corruptNextSends: 1 });
  const { id } = await emulator.send(MARIA, ACCOUNT, 'noise on the line');
  assert.equal(textOf(await client.message(id, from)), 'noise on the line');
  const { counters } = await emulator.stats();
  assert.equal(counters.retryRequests, 1);
  assert.equal(counters.retriesAnswered, 1);
});

test('a message that is corrupt twice arrives on the third try', async () => {
  const from = client.seen.length;
  await emulator.patch(`/api/contacts/${MARIA}`, { corruptNextSends: 2 });
  const { id } = await emulator.send(MARIA, ACCOUNT, 'much noise');
  assert.equal(textOf(await client.message(id, from)), 'much noise');
});
