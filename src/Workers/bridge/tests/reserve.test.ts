import '../src/silence.ts';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { initAuthCreds } from 'baileys';
import { WhisperMessage } from 'libsignal/src/protobufs.js';
import { KeyStore, type Batch } from '../src/keys.ts';
import { isCovered, reserveOf, withReserve, type Reserve } from '../src/reserve.ts';
import { Device, type Ciphertext, type Records } from './device.ts';
import { sessionAt } from './store.ts';

/** A session's place in a database, seen through a store that can die at any moment. */
class Crashing implements Records {
  /** What is durable. */
  #saved: string | undefined;
  #store = this.#open();
  /** What was saved and is not committed. */
  #change: any;
  /** Commits wait here until they are let through, or die with their process. */
  #waiting: (() => void)[] = [];
  #answered: Promise<void>[] = [];

  load = async (): Promise<any> => this.#change ?? (await this.#store.read('session', ['ana'])).ana;

  save = async (record: any): Promise<void> => {
    this.#change = record;
  };

  /** Commits what was saved; true when a message that rests on it may leave before. */
  async commit(): Promise<boolean> {
    const batch: Batch = { keys: { session: { ana: this.#change } } };
    const mayFollow = this.#store.mayFollow(batch);
    this.#answered.push(this.#store.commit(batch).then(() => (this.#change = undefined)));
    if (!mayFollow)
      await this.flush();
    return mayFollow;
  }

  /** Lets through what waits. */
  async flush(): Promise<void> {
    for (const answer of this.#waiting.splice(0))
      answer();
    await Promise.all(this.#answered.splice(0));
  }

  /** The cache drops it. */
  async forget(): Promise<void> {
    await this.flush();
    this.crash();
  }

  /** What was not let through never was. */
  crash(): void {
    this.#waiting = [];
    this.#answered = [];
    this.#change = undefined;
    this.#store = this.#open();
  }

  #open(): KeyStore {
    const creds = initAuthCreds();
    const ask = (ev: string, body: any): Promise<any> => new Promise(resolve => {
      if (ev === 'keys')
        resolve({ values: this.#saved === undefined ? {} : { ana: this.#saved } });
      else
        this.#waiting.push(() => {
          this.#saved = body.keys[0][2];
          resolve({});
        });
    });
    return new KeyStore(ask, () => creds, error => assert.fail(String(error)));
  }
}

/** Numbers from 0 to 1, the same ones for the same seed. */
function random(seed: number): () => number {
  let at = 0;
  return () => createHash('sha256').update(`${seed}/${at++}`).digest().readUInt32BE() / 2 ** 32;
}

test('crashes at any moment: no key is used twice, and the other side reads all that left', async context => {
  const seed = Number(process.env.REALTIMEWA_SEED ?? Date.now() % 1e9);
  context.diagnostic(`REALTIMEWA_SEED=${seed} repeats this order`);
  const next = random(seed);
  let followed = 0;
  let crashes = 0;
  for (let round = 0; round < 20; round++) {
    const records = new Crashing();
    const shop = new Device('ana', records);
    const ana = new Device('shop');
    const used = new Set<string>();
    await ana.open(shop);
    const first = await ana.says('hello');
    const hears = async (message: Ciphertext): Promise<void> => {
      await shop.hears(message);
      await records.commit();
      await records.flush();
    };
    await hears(first);
    for (let step = 0; step < 40; step++) {
      const chance = next();
      if (chance < 0.15) {
        records.crash();
        crashes++;
      } else if (chance < 0.3) {
        await hears(await ana.says(`to shop ${step}`));
      } else if (chance < 0.4) {
        await records.flush();
      } else if (chance < 0.5) {
        await records.forget();
      } else {
        const message = await shop.says(`to ana ${step}`);
        if (await records.commit())
          followed++;
        const { ephemeralKey, counter } = WhisperMessage.decode(message.body.subarray(1, -8));
        const key = `${Buffer.from(ephemeralKey).toString('hex')}/${counter}`;
        assert.ok(!used.has(key), `round ${round}, step ${step}: key ${counter} was used twice`);
        used.add(key);
        assert.equal(await ana.hears(message), `to ana ${step}`);
      }
    }
  }
  assert.ok(followed > 100 && crashes > 20, `${followed} messages left before their commit, ${crashes} crashes`);
});

const storedAt = (value: unknown, before?: Reserve): number => withReserve(value, before).reserve!.counter;

test('what is set aside is used up before more is: a burst of sends does not compute it anew each time', () => {
  const { reserve, stored } = withReserve(sessionAt(-1), undefined);
  assert.equal(reserve!.counter, 7);
  assert.deepEqual((stored as any)._sessions.base._chains.chain.chainKey, { counter: 7, key: reserve!.key });
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(counter => storedAt(sessionAt(counter), reserve)), [7, 7, 7, 7, 12, 13]);
});

test('who only writes to us takes no key, however often the session is read anew', () => {
  let { stored, reserve } = withReserve(sessionAt(-1), undefined);
  for (let start = 0; start < 3; start++)
    ({ stored, reserve } = withReserve(stored, reserveOf(stored)));
  assert.equal(reserve!.counter, 7);
  assert.deepEqual(stored, withReserve(sessionAt(-1), undefined).stored);
  assert.equal(isCovered(sessionAt(8), reserve), false, 'the first key after that is not set aside');
  assert.equal(storedAt(sessionAt(8), reserve), 16);
});

test('what was set aside for a chain is of no use to another, or to one that went beyond it', () => {
  const { reserve } = withReserve(sessionAt(-1), undefined);
  assert.equal(storedAt(sessionAt(-1, 'other'), reserve), 7);
  assert.equal(isCovered(sessionAt(7), reserve), true);
  assert.equal(isCovered(sessionAt(8), reserve), false);
  assert.equal(isCovered(sessionAt(-1, 'other'), reserve), false);
  assert.equal(storedAt(sessionAt(9), reserve), 17);
});

test('a session that is closed, and what is no session, are stored as they are', () => {
  for (const value of [sessionAt(3, 'chain', 1), { _sessions: {}, version: 'v1' }, { version: 7 }, 1])
    assert.deepEqual(withReserve(value, undefined), { stored: value });
});
