import assert from 'node:assert/strict';
import { test } from 'node:test';
import { use } from '../texts/texts.ts';
import { attempts, changes, gaps, notices } from './history.ts';

const texts = {
  'status.connected': 'Connected', 'status.disconnected': 'Disconnected', 'reason.proven': 'WhatsApp answers.', 'reason.connection_lost': 'The connection was lost.', 'reason.probe_failed': 'It did not answer.',
  'reason.network_unreachable': 'No network.', 'attempt.connected': 'Back after {0}', 'attempt.failed': 'Failed after {0}', 'attempt.running': 'Trying for {0}', 'attempt.teardown': 'The open connection was given up.', 'attempt.ended': 'It ended so: {0}',
  'gap.was': 'offline {0}–{1}, {2} repaired, {3} unknown', 'gap.lasts': 'offline for {0}', 'notice.message_capping': 'New chats are limited.', 'notice.until': 'Until {0}.', 'notice.used': '{0} of {1}.',
  'time.lasting-seconds': '{0} s', 'time.lasting-minutes': '{0} min', 'time.lasting-hours': '{0} h {1} min',
};

use(texts);

const now = Date.UTC(2026, 10, 21, 12, 0);
const minute = 60_000;

test('a change says what it came to and why', () => {
  const [line] = changes([{ at: now - minute, from: 'connected', to: 'disconnected', reason: 'connection_lost', detail: 'Code 428.' }], now);
  assert.deepEqual([line?.what, line?.why, line?.tone], ['Disconnected', 'The connection was lost. Code 428.', 'bad']);
});

test('who asked for a change is said in the language of the page', () => {
  use({ ...texts, 'detail.asked_by_person': 'Cerut de cineva.' });
  const [line] = changes([{ at: now - minute, from: 'connected', to: 'disconnected', reason: 'connection_lost', detail: 'asked_by_person' }], now);
  assert.equal(line?.why, 'The connection was lost. Cerut de cineva.');
});

test('an attempt says why, how long and how it ended', () => {
  const lines = attempts([
    { at: now - minute, cause: 'probe_failed', isTeardown: true, endedAt: now - 48_000, outcome: 'connected', endReason: null },
    { at: now - 9 * minute, cause: 'connection_lost', isTeardown: false, endedAt: now - 8 * minute, outcome: 'failed', endReason: 'network_unreachable' },
    { at: now - 5_000, cause: 'connection_lost', isTeardown: false, endedAt: null, outcome: 'running', endReason: null },
  ], now);
  assert.deepEqual(lines.map(({ what, why }) => `${what}: ${why}`), [
    'Back after 12 s: It did not answer. The open connection was given up.',
    'Failed after 1 min: The connection was lost. It ended so: No network.',
    'Trying for 5.0 s: The connection was lost.',
  ]);
});

test('a gap says what was repaired, and is bad while it lasts or when something stays unknown', () => {
  const lines = gaps([
    { from: now - 7 * minute, to: null, reason: 'connection_lost', repaired: 0, unknown: 0 },
    { from: now - 20 * minute, to: now - 13 * minute, reason: 'connection_lost', repaired: 11, unknown: 0 },
  ], now);
  assert.equal(lines[0]?.what, 'offline for 7 min');
  assert.match(lines[1]?.what ?? '', /^offline .+–.+, 11 repaired, 0 unknown$/);
  assert.deepEqual(lines.map((line) => line.tone), ['bad', 'plain']);
});

test('a notice whose end has passed is gone', () => {
  const capping = { kind: 'message_capping', at: 1, level: null, used: null, total: null };
  assert.deepEqual(notices([{ ...capping, until: now - 1 }], now), []);
  assert.equal(notices([{ ...capping, until: null }], now)[0], 'New chats are limited.');
  assert.equal(notices([{ ...capping, until: null, used: 40, total: 50 }], now)[0], 'New chats are limited. 40 of 50.');
});
