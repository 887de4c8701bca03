import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyEvents } from '../src/history.ts';
import type { Self } from '../src/people.ts';

test('a history that does not come holds up nothing for ever', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked = new Promise<void>(resolve => t.mock.method(globalThis, 'fetch', () => {
    resolve();
    return new Promise(() => {});
  }));
  const notification = { directPath: '/history', mediaKey: Buffer.alloc(32, 1) };

  const events = historyEvents(notification, {} as Self, async () => undefined);
  let ended = false;
  events.catch(() => (ended = true));
  await asked;
  t.mock.timers.tick(120_000);
  await new Promise(resolve => setImmediate(resolve));

  assert.ok(ended, 'it was given up');
  await assert.rejects(events, /in time/);
});
