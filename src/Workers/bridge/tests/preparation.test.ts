import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outgoing } from '../src/outgoing.ts';
import { Preparation } from '../src/preparation.ts';

interface Writing {
  outgoing: Outgoing;
  permission: Promise<void> | undefined;
  /** What was written, or why not. */
  end(error?: Error): void;
}

/** A way out that a test ends by hand; what has a permission ends with it, as a transaction does. */
function fixture(): { preparation: Preparation; written: Writing[] } {
  const written: Writing[] = [];
  const preparation = new Preparation((outgoing, permission) => new Promise<void>((resolve, reject) => {
    written.push({ outgoing, permission, end: error => error ? reject(error) : resolve() });
    permission?.catch(reject);
  }));
  return { preparation, written };
}

const text = (messageId: string, text = 'hello'): Outgoing => ({ messageId, chat: '40722000001@s.whatsapp.net', content: { text } });
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const answer = (asked?: Promise<void>): Promise<string> =>
  Promise.race([asked!.then(() => 'yes', (error: Error) => error.message), turn().then(() => 'nothing yet')]);
const dropped = 'It was not asked for.';

test('what was begun goes on when the same is sent, and is written once', async () => {
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  assert.equal(await answer(written[0]!.permission), 'nothing yet');
  const sending = preparation.send(text('A'));
  assert.equal(await answer(written[0]!.permission), 'yes');
  assert.equal(await answer(sending), 'nothing yet', 'it is sent when it was written');
  written[0]!.end();
  await sending;
  assert.equal(written.length, 1);
});

test('why it could not be written is told to whoever sent it', async () => {
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  const sending = preparation.send(text('A'));
  written[0]!.end(new Error('The connection is gone.'));
  await assert.rejects(sending, { message: 'The connection is gone.' });
});

test('it is begun once: when it is sent again, it is written again', async () => {
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  const first = preparation.send(text('A'));
  const again = preparation.send(text('A'));
  for (const { end } of written)
    end();
  await Promise.all([first, again]);
  assert.deepEqual(written.map(one => [one.outgoing.messageId, !!one.permission]), [['A', true], ['A', false]]);
  assert.equal(await answer(written[0]!.permission), 'yes');
});

for (const [what, other] of [
  ['another message', text('B')],
  ['a changed text', text('A', 'hello!')],
  ['another chat', { ...text('A'), chat: '40722000002@s.whatsapp.net' }],
] as const)
  test(`${what} that is sent first is written itself, and what was begun is dropped`, async () => {
    const { preparation, written } = fixture();
    preparation.begin(text('A'));
    const sending = preparation.send(other);
    assert.deepEqual(written.map(one => one.outgoing), [text('A'), other]);
    assert.equal(written[1]!.permission, undefined);
    assert.equal(await answer(written[0]!.permission), dropped);
    written[1]!.end();
    await sending;
  });

test('what failed before it was asked for is sent the ordinary way', async () => {
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  written[0]!.end(new Error('WhatsApp did not say which devices this contact has.'));
  await turn();
  const sending = preparation.send(text('A'));
  assert.equal(written[1]!.permission, undefined);
  written[1]!.end();
  await sending;
});

test('what nobody asks for in time is dropped, and makes room', async context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  context.mock.timers.tick(249);
  assert.equal(await answer(written[0]!.permission), 'nothing yet');
  context.mock.timers.tick(1);
  assert.equal(await answer(written[0]!.permission), dropped);

  preparation.begin(text('B'));
  const sending = preparation.send(text('B'));
  assert.equal(await answer(written[1]!.permission), 'yes');
  written[1]!.end();
  await sending;
});

test('what was asked for in time may take longer than that', async context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  const sending = preparation.send(text('A'));
  context.mock.timers.tick(5000);
  assert.equal(await answer(written[0]!.permission), 'yes');
  assert.equal(await answer(sending), 'nothing yet');
  written[0]!.end();
  await sending;
});

test('while one waits, no other is begun', async () => {
  const { preparation, written } = fixture();
  preparation.begin(text('A'));
  preparation.begin(text('B'));
  preparation.begin(text('A'));
  assert.deepEqual(written.map(one => one.outgoing.messageId), ['A']);
  const sending = preparation.send(text('A'));
  assert.equal(await answer(written[0]!.permission), 'yes');
  written[0]!.end();
  await sending;
});
