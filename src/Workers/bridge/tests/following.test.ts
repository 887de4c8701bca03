import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brings, openShop } from './shop.ts';
import type { Answer } from './worker.ts';

const shop = openShop('40711000041', 40722000041);
const { worker } = shop;

/** Holds the commit that brings a message of ours until the test says what becomes of it. */
function hold(id: string): { answer(answer?: Answer): void } {
  let answer!: (answer?: Answer) => void;
  const answered = new Promise<Answer | undefined>(resolve => (answer = resolve));
  worker.before = frame => {
    if (!brings(frame, id))
      return undefined;
    worker.before = () => undefined;
    return answered;
  };
  return { answer };
}

for (const what of ['is refused', 'finds the bridge killed'])
  test(`a message to somebody known whose commit ${what} has left, and is shown once with those that follow`, () => shop.quietly(async () => {
    const ana = await shop.known();
    const id = `${ana.pn}LEFT`;
    const seen = worker.states.length;
    const { answer } = hold(id);
    const sending = assert.rejects(worker.ask('send', 1, ana.message(id)), what === 'is refused' ? { code: 'not_open' } : { message: 'The bridge is gone.' });
    await ana.shows(id);
    if (what === 'is refused') {
      answer({ err: { code: 'refused', message: 'The disk is full.' } });
      assert.equal((await worker.state('close', 1, seen)).code, 428);
    } else {
      await worker.kill();
      answer('silence');
    }
    await sending;
    await shop.goOn();
    await ana.hears(`${ana.pn}NEXT`);
    await ana.hears(id);
    await ana.goesOn();
  }));

test('a phone that could not open what left before a crash gets it again from what the outbox has', async () => {
  const ana = await shop.known();
  const id = `${ana.pn}AGAIN`;
  const { answer } = hold(id);
  await shop.emulator.call('PATCH', `/api/contacts/${ana.pn}`, { failNextDecrypts: 1 });
  const asked = async (): Promise<number> => (await shop.emulator.counters()).retryRequestsOfPhones ?? 0;
  const from = await asked();
  const sending = assert.rejects(worker.ask('send', 1, ana.message(id)));
  for (const deadline = performance.now() + 60_000; await asked() === from;)
    assert.ok(performance.now() < deadline, 'the phone asked for nothing');
  await worker.kill();
  answer('silence');
  await sending;
  worker.before = frame => frame.ev === 'sent' && frame.body.messageId === id ? { ok: { content: { text: `text of ${id}` } } } : undefined;
  await shop.goOn();
  await ana.shows(id);
  assert.equal((await ana.phone).at(-1).text, `text of ${id}`);
});
