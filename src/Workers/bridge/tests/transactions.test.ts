import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, settle } from './store.ts';

test('everything of a transaction is one commit, also of those inside it', async () => {
  const { transactions, next, asked, creds } = fixture();
  const done = transactions.transaction(async () => {
    await transactions.set({ session: { ana: 1 } });
    creds.nextPreKeyId = 8;
    await transactions.transaction(async () => transactions.set({ 'pre-key': { 7: null } }), 'inner');
    assert.deepEqual(await transactions.get('session', ['ana']), { ana: 1 });
    transactions.credsChanged();
  }, 'outer');
  const { ev, body, answer } = await next();
  assert.equal(ev, 'commit');
  assert.deepEqual(body.keys, [['session', 'ana', '1'], ['pre-key', '7', null]]);
  assert.ok(body.creds);
  answer({});
  await done;
  assert.equal(asked.length, 1);
});

test('a transaction that fails commits nothing', async () => {
  const { transactions, asked } = fixture();
  await assert.rejects(transactions.transaction(async () => {
    await transactions.set({ session: { ana: 1 } });
    throw new Error('no');
  }));
  await settle();
  assert.equal(asked.length, 0);
});

test('nothing is committed half way through a decryption', async () => {
  const { transactions, next } = fixture();
  const done = transactions.exclusive(async () => {
    await transactions.set({ session: { ana: null } });
    assert.equal(transactions.beforeWire(), undefined);
    await transactions.set({ session: { ana: 2 } });
  }, 'in');
  const { body, answer } = await next();
  assert.deepEqual(body.keys, [['session', 'ana', '2']]);
  answer({});
  await done;
});

test('the next message is opened while the commit of the last is on its way, sees what that holds, and is kept after it', async () => {
  const { transactions, next, asked } = fixture();
  const opened: unknown[] = [];
  const opens = (version: number): Promise<void> => transactions.exclusive(async () => {
    opened.push((await transactions.get('session', ['ana'])).ana);
    await transactions.set({ session: { ana: version } });
  }, 'in');
  const first = opens(1);
  (await next()).answer({ values: { ana: '0' } });
  await first;
  await opens(2);
  assert.deepEqual(opened, [0, 1]);
  const kept = await next();
  assert.deepEqual(kept.body.keys, [['session', 'ana', '1']]);
  await settle();
  assert.equal(asked.length, 2, 'the second waits until the first is kept');
  kept.answer({});
  const after = await next();
  assert.deepEqual(after.body.keys, [['session', 'ana', '2']]);
  after.answer({});
  await settle();
  assert.deepEqual(await transactions.get('session', ['ana']), { ana: 2 });
});

test('no frame leaves before all that was opened is kept', async () => {
  const { transactions, next } = fixture();
  assert.equal(transactions.beforeWire(), undefined);
  await transactions.exclusive(() => transactions.set({ session: { ana: 1 } }), 'in');
  let left = 0;
  void transactions.beforeWire()!.then(() => left++);
  await transactions.exclusive(() => transactions.set({ session: { ana: 2 } }), 'in');
  void transactions.beforeWire()!.then(() => left++);
  const first = await next();
  await settle();
  assert.equal(left, 0);
  first.answer({});
  const second = await next();
  await settle();
  assert.equal(left, 1);
  second.answer({});
  await settle();
  assert.equal(left, 2);
  assert.equal(transactions.beforeWire(), undefined);
});

test('when a commit is refused, what was opened after it is not even asked for, and nothing leaves any more', async () => {
  const { transactions, next, asked, lost } = fixture();
  let told = 0;
  for (const version of [1, 2])
    await transactions.exclusive(async () => {
      await transactions.set({ session: { ana: version } });
      transactions.receive({ key: `message/${version}` } as never, undefined, () => {}, () => told++);
    }, 'in');
  const leaving = assert.rejects(transactions.beforeWire()!);
  (await next()).refuse('refused');
  await leaving;
  await settle();
  assert.equal(asked.length, 1);
  assert.equal(lost.length, 1);
  assert.equal(told, 0);
  await assert.rejects(transactions.beforeWire()!);
  await assert.rejects(transactions.set({ session: { ana: 3 } }));
  assert.equal(asked.length, 1);
});

test('a message that is sent on a session that is on its way to the worker is kept after it', async () => {
  const { transactions, next } = fixture();
  await transactions.exclusive(() => transactions.set({ session: { ana: 1 } }), 'in');
  let seen: unknown;
  const sending = transactions.transaction(async () => {
    await transactions.exclusive(async () => {
      seen = (await transactions.get('session', ['ana'])).ana;
      await transactions.set({ session: { ana: 2 } });
    });
    await transactions.beforeWire();
  }, 'me');
  const received = await next();
  await settle();
  assert.equal(seen, 1);
  assert.deepEqual(received.body.keys, [['session', 'ana', '1']]);
  received.answer({});
  const sent = await next();
  assert.deepEqual(sent.body.keys, [['session', 'ana', '2']]);
  sent.answer({});
  await sending;
});

test('a message that is sent and one that comes in never work on the same ratchet', async () => {
  const { transactions, next } = fixture();
  const order: string[] = [];
  const sending = transactions.transaction(async () => {
    await Promise.all(['ana', 'dan'].map(name => transactions.exclusive(async () => {
      order.push(`encrypt for ${name}`);
      await settle();
      await transactions.set({ session: { [name]: 1 } });
    })));
    await transactions.beforeWire();
    order.push('written');
  }, 'me');
  await settle();
  const receiving = transactions.exclusive(async () => {
    order.push('decrypt');
    await transactions.set({ session: { ana: 2 } });
  }, 'in');
  const first = await next();
  await settle();
  assert.deepEqual(order, ['encrypt for ana', 'encrypt for dan']);
  first.answer({});
  (await next()).answer({});
  await Promise.all([sending, receiving]);
  assert.deepEqual(order, ['encrypt for ana', 'encrypt for dan', 'written', 'decrypt']);
});

test('what a transaction started and did not wait for commits on its own afterwards', async () => {
  const { transactions, next } = fixture();
  let later!: Promise<void>;
  await transactions.transaction(async () => {
    later = settle().then(() => transactions.set({ tctoken: { ana: 1 } }));
  });
  const { body, answer } = await next();
  assert.deepEqual(body.keys, [['tctoken', 'ana', '1']]);
  answer({});
  await later;
});

test('a key that a transaction took away is gone for it, whichever way that was said', async () => {
  const { transactions, next } = fixture();
  const done = transactions.transaction(async () => {
    await transactions.set({ 'pre-key': { 7: undefined, 8: null } });
    return await transactions.get('pre-key', ['7', '8']);
  });
  (await next()).answer({});
  assert.deepEqual(await done, {});
});
