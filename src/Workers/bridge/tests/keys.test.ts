import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lru } from '../src/lru.ts';
import { fixture, sessionAt, settle } from './store.ts';

test('a value is in the cache only after its commit was answered', async () => {
  const { store, next, asked } = fixture();
  const commit = store.commit({ keys: { session: { ana: { version: 2 } } } });
  const committing = await next();
  const early = store.read('session', ['ana']);
  (await next()).answer({ values: { ana: '{"version":1}' } });
  assert.deepEqual(await early, { ana: { version: 1 } });
  committing.answer({});
  await commit;
  assert.deepEqual(await store.read('session', ['ana']), { ana: { version: 2 } });
  assert.equal(asked.length, 2, 'the last read asked nobody');
});

test('a read that was overtaken by a commit gives what was committed', async () => {
  const { store, next } = fixture();
  const read = store.read('session', ['ana']);
  const reading = await next();
  const commit = store.commit({ keys: { session: { ana: { version: 2 } } } });
  (await next()).answer({});
  await commit;
  reading.answer({ values: { ana: '{"version":1}' } });
  assert.deepEqual(await read, { ana: { version: 2 } });
  assert.deepEqual(await store.read('session', ['ana']), { ana: { version: 2 } });
});

test('what is absent is remembered as absent, and buffers survive', async () => {
  const { store, next, asked } = fixture();
  const read = store.read('sender-key', ['a', 'b']);
  (await next()).answer({ values: { a: '{"type":"Buffer","data":"AQI="}' } });
  assert.deepEqual(await read, { a: Buffer.from([1, 2]) });
  assert.deepEqual(await store.read('sender-key', ['b']), {});
  assert.equal(asked.length, 1);
});

test('a refused commit is told before its caller learns of it', async () => {
  const { store, next, lost } = fixture();
  const order: string[] = [];
  const commit = store.commit({ keys: { session: { ana: null } } }).catch(() => order.push(`rejected, lost ${lost.length}`));
  (await next()).refuse('refused');
  await commit;
  assert.deepEqual(order, ['rejected, lost 1']);
});

test('a store that was closed takes nothing more and waits for what is on its way', async () => {
  const { store, next, lost } = fixture();
  const commit = store.commit({ keys: { session: { ana: null } } });
  const { answer } = await next();
  let closed = false;
  const closing = store.close().then(() => (closed = true));
  await assert.rejects(store.commit({ keys: { session: { ana: null } } }), { code: 'not_open' });
  await settle();
  assert.equal(closed, false);
  answer({});
  await Promise.all([commit, closing]);
  assert.equal(lost.length, 0);
});

test('credentials that did not change are not written again', async () => {
  const { store, creds, next, asked } = fixture();
  await store.commit({ keys: {}, creds: true });
  assert.equal(asked.length, 0);
  creds.accountSyncCounter = 1;
  const commit = store.commit({ keys: {}, creds: true });
  const { body, answer } = await next();
  assert.equal(JSON.parse(body.creds).accountSyncCounter, 1);
  answer({});
  await commit;
});

test('the cache forgets what was used least recently, by count and by weight', () => {
  const lru = new Lru<string>(3, 10);
  for (const [key, weight] of [['a', 1], ['b', 1], ['c', 1]] as const)
    lru.set(key, key, weight);
  lru.get('a');
  lru.set('d', 'd', 1);
  assert.equal(lru.get('b'), undefined);
  lru.set('e', 'e', 9);
  assert.equal(lru.size, 2);
  assert.equal(lru.get('e'), 'e');
  assert.equal(lru.get('d'), 'd');
});

test('a session that was read and received on is stored as it was, with nothing more set aside', async () => {
  const { store, next } = fixture();
  const reading = store.read('session', ['ana']);
  (await next()).answer({ values: { ana: JSON.stringify(sessionAt(7)) } });
  assert.deepEqual(await reading, { ana: sessionAt(7) });
  assert.equal(store.mayFollow({ keys: { session: { ana: sessionAt(8) } } }), false);
  const commit = store.commit({ keys: { session: { ana: sessionAt(7) } } });
  const { body, answer } = await next();
  assert.deepEqual(body.keys, [['session', 'ana', JSON.stringify(sessionAt(7))]]);
  answer({});
  await commit;
});

test('keys are set aside when their commit was answered, not before, and nothing else may follow a message', async () => {
  const { store, next } = fixture();
  const batch = { keys: { session: { ana: sessionAt(1) } } };
  const commit = store.commit({ keys: { session: { ana: sessionAt(0) } } });
  const { answer } = await next();
  assert.equal(store.mayFollow(batch), false);
  answer({});
  await commit;
  assert.equal(store.mayFollow(batch), true);
  assert.equal(store.mayFollow({ ...batch, creds: true }), false);
  assert.equal(store.mayFollow({ keys: { ...batch.keys, 'sender-key': { group: 1 } } }), false);
  assert.equal(store.mayFollow({ keys: { session: { ...batch.keys.session, dan: sessionAt(0) } } }), false);
  assert.equal(store.mayFollow({ keys: { session: { ana: null } } }), false);
});
