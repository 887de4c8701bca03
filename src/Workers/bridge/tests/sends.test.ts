import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Terms, Transactions } from '../src/transactions.ts';
import { fixture, sessionAt, settle } from './store.ts';

test('before the wire, what is pending is committed, with the protobuf; after it, the rest', async () => {
  const { transactions, next } = fixture();
  let onTheWire = false;
  const done = transactions.transaction(async () => {
    assert.equal(transactions.beforeWire(), undefined);
    transactions.send('id', 'proto');
    assert.equal(transactions.beforeWire(), undefined, 'a lookup does not need the protobuf to be safe');
    await transactions.exclusive(() => transactions.set({ session: { ana: 1 } }));
    await transactions.beforeWire();
    onTheWire = true;
    await transactions.set({ tctoken: { ana: 2 } });
  }, 'me');
  const first = await next();
  assert.deepEqual(first.body, { keys: [['session', 'ana', '1']], sent: { messageId: 'id', proto: 'proto' } });
  await settle();
  assert.equal(onTheWire, false);
  first.answer({});
  const second = await next();
  assert.equal(onTheWire, true);
  assert.deepEqual(second.body, { keys: [['tctoken', 'ana', '2']] });
  second.answer({});
  await done;
});

/** A message that is encrypted for two people and then written, as a send does it. */
function sends(transactions: Transactions, terms: Omit<Terms, 'direction'>, order: string[] = [], lookup?: Promise<void>): Promise<void> {
  const encrypt = (name: string, ready?: Promise<void>): Promise<void> => transactions.exclusive(async () => {
    await ready;
    await transactions.set({ session: { [name]: 1 } });
    order.push(`encrypted for ${name}`);
  });
  return transactions.transaction(async () => {
    transactions.send('id', 'proto');
    await Promise.all([encrypt('ana'), encrypt('dan', settle())]);
    await lookup;
    await transactions.beforeWire();
    order.push('written');
  }, 'me', { direction: 'out', ...terms });
}

/** A promise for the test to settle. */
function promised(): { promise: Promise<void>; allow(): void; refuse(error: Error): void } {
  let allow!: () => void;
  let refuse!: (error: Error) => void;
  const promise = new Promise<void>((resolve, reject) => ([allow, refuse] = [resolve, reject]));
  return { promise, allow, refuse };
}

const encrypted = ['encrypted for ana', 'encrypted for dan'];
const both = { keys: [['session', 'ana', '1'], ['session', 'dan', '1']], sent: { messageId: 'id', proto: 'proto' } };

test('what needs a permission does all that goes before the commit and waits there, with the ratchets', async () => {
  const { transactions, next, asked } = fixture();
  const { promise: permission, allow } = promised();
  const order: string[] = [];
  const sending = sends(transactions, { early: true, permission }, order);
  await settle();
  const receiving = transactions.exclusive(async () => void order.push('decrypted'), 'in');
  await settle();
  assert.deepEqual(order, encrypted);
  assert.equal(asked.length, 0);
  allow();
  const { body, answer } = await next();
  assert.deepEqual(body, both);
  await settle();
  assert.deepEqual(order, encrypted);
  answer({});
  await Promise.all([sending, receiving]);
  assert.deepEqual(order.slice(2).sort(), ['decrypted', 'written']);
  assert.equal(asked.length, 1);
});

test('what gets no permission was never there: nothing is committed or written, and the ratchets are free and as they were', async () => {
  const { transactions, next, asked } = fixture();
  const { promise: permission, refuse } = promised();
  const order: string[] = [];
  const sending = sends(transactions, { early: true, permission }, order);
  const receiving = settle().then(() => transactions.exclusive(() => transactions.get('session', ['ana']), 'in'));
  await settle();
  await settle();
  assert.equal(asked.length, 0);
  refuse(new Error('It was not asked for.'));
  await assert.rejects(sending, { message: 'It was not asked for.' });
  assert.deepEqual(order, encrypted);
  const { ev, body, answer } = await next();
  assert.deepEqual({ ev, ...body }, { ev: 'keys', type: 'session', ids: ['ana'] });
  answer({ values: { ana: '{"version":7}' } });
  assert.deepEqual(await receiving, { ana: { version: 7 } });
  assert.equal(asked.length, 1);
});

test('an early commit begins as soon as no ratchet is touched, and what would reach the wire waits for it', async () => {
  const { transactions, next, asked } = fixture();
  const { promise: lookup, allow: found } = promised();
  const order: string[] = [];
  const sending = sends(transactions, { early: true }, order, lookup);
  const { body, answer } = await next();
  assert.deepEqual(body, both);
  found();
  await settle();
  assert.deepEqual(order, encrypted);
  answer({});
  await sending;
  assert.deepEqual(order, [...encrypted, 'written']);
  assert.equal(asked.length, 1);
});

test('an early commit that is refused has cut the connection before anything would reach the wire', async () => {
  const { transactions, next, lost } = fixture();
  const { promise: lookup, allow: found } = promised();
  const sending = sends(transactions, { early: true }, [], lookup);
  (await next()).refuse('refused');
  await settle();
  assert.equal(lost.length, 1);
  found();
  await sending.catch(() => {});
});

test('what waits for an early commit that is refused does not reach the wire', async () => {
  const { transactions, next, lost } = fixture();
  const order: string[] = [];
  const sending = sends(transactions, { early: true }, order);
  (await next()).refuse('refused');
  await assert.rejects(sending, { code: 'refused' });
  assert.equal(lost.length, 1);
  assert.deepEqual(order, encrypted);
});

test('what does not commit early has committed nothing before something would reach the wire', async () => {
  const { transactions, next, asked } = fixture();
  const { promise: lookup, allow: found } = promised();
  const order: string[] = [];
  const sending = sends(transactions, {}, order, lookup);
  await settle();
  await settle();
  assert.deepEqual(order, encrypted);
  assert.equal(asked.length, 0);
  found();
  const { body, answer } = await next();
  assert.deepEqual(body, both);
  answer({});
  await sending;
});

test('a message whose keys were set aside is written first, and committed whatever becomes of the rest of the work', async () => {
  const { transactions, next } = fixture();
  const sends = (counter: number, rest?: () => void): Promise<void> => transactions.transaction(async () => {
    transactions.send(`id ${counter}`, 'proto');
    await transactions.exclusive(() => transactions.set({ session: { ana: sessionAt(counter) } }));
    const gate = transactions.beforeWire();
    order.push(gate ? 'waits' : 'written');
    await gate;
    rest?.();
  }, 'me', { direction: 'out', early: true });
  const order: string[] = [];
  const first = sends(0);
  (await next()).answer({});
  await first;
  assert.deepEqual(order, ['waits']);
  const second = sends(1, () => { throw new Error('after the stanza'); });
  second.catch(() => {});
  const { body, answer } = await next();
  assert.deepEqual(order, ['waits', 'written']);
  assert.equal(body.sent.messageId, 'id 1');
  answer({});
  await assert.rejects(second, { message: 'after the stanza' });
  await settle();
  assert.deepEqual(await transactions.get('session', ['ana']), { ana: sessionAt(1) });
});

test('a message that left before its commit, which is refused, was not sent, even if that is known before its work ends', async () => {
  const { transactions, next, lost } = fixture();
  const first = transactions.exclusive(() => transactions.set({ session: { ana: sessionAt(0) } }));
  (await next()).answer({});
  await first;
  const { promise: more, allow } = promised();
  const second = transactions.transaction(async () => {
    await transactions.exclusive(() => transactions.set({ session: { ana: sessionAt(1) } }));
    assert.equal(transactions.beforeWire(), undefined);
    await more;
  }, 'me');
  (await next()).refuse('refused');
  await settle();
  assert.equal(lost.length, 1);
  allow();
  await assert.rejects(second, { code: 'refused' });
});

test('what was still being encrypted when the permission was refused is not committed on its own', async () => {
  const { transactions, asked } = fixture();
  const { promise: permission, refuse } = promised();
  const { promise: slow, allow: encrypted } = promised();
  const sending = transactions.transaction(() => Promise.all([
    transactions.exclusive(() => transactions.set({ session: { ana: 1 } })),
    transactions.exclusive(async () => {
      await slow;
      await transactions.set({ session: { dan: 1 } });
    }),
  ]), 'me', { direction: 'out', early: true, permission });
  await settle();
  refuse(new Error('It was not asked for.'));
  await assert.rejects(sending);
  encrypted();
  await settle();
  await settle();
  assert.deepEqual(asked.map(one => one.body), []);
});

test('without its permission nothing of a message is committed, whatever it looks up', async () => {
  const { transactions, asked } = fixture();
  const { promise: permission } = promised();
  void transactions.transaction(async () => {
    transactions.send('id', 'proto');
    await transactions.set({ 'lid-mapping': { ana: '7' } });
    assert.equal(transactions.beforeWire(), undefined);
    await permission;
  }, 'me', { direction: 'out', permission });
  await settle();
  assert.equal(asked.length, 0);
});
