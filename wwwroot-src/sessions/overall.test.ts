import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView, SessionStatus } from '../contracts.g.ts';
import { masked, spaced, stateOf, verdict } from './overall.ts';

const account = (status: SessionStatus) => ({ id: 1, session: { status } }) as AccountView;
const connected = account('connected');

test('green only when live and every number is connected', () => {
  assert.equal(verdict('on', true, false, [connected, connected]).overall, 'ok');
  for (const status of ['init', 'qr_required', 'connecting', 'disconnected', 'error'] as const) {
    const found = verdict('on', true, false, [connected, account(status)]);
    assert.deepEqual([found.overall, found.fault, found.down.length], ['down', 'accounts', 1]);
  }
});

test('a browser that hears nothing is never green, and says whose fault it is', () => {
  assert.deepEqual(verdict('late', true, false, [connected]).fault, 'server');
  assert.deepEqual(verdict('off', false, false, [connected]).fault, 'browser');
  assert.deepEqual(verdict('off', false, true, [connected]).overall, 'down');
  assert.deepEqual(verdict('off', true, true, [connected]).overall, 'checking');
});

test('a browser without network is not green even before its connection has noticed', () =>
  assert.deepEqual(verdict('on', false, false, [connected]), { overall: 'down', fault: 'browser', down: [] }));

test('a server without its database knows nothing, so nothing is green', () =>
  assert.equal(verdict('on', true, false, [connected], true).fault, 'database'));

test('a stopped number is named as stopped, and nothing is green while it is', () => {
  const stopped = { ...account('disconnected'), isActive: false } as AccountView;
  assert.equal(verdict('on', true, false, [connected, stopped]).overall, 'down');
  assert.equal(stateOf(stopped), 'stopped');
  assert.equal(stateOf({ ...stopped, isActive: true }), 'disconnected');
});

test('a number that nobody keeps alive is not green, whatever was last heard of it', () => {
  const forsaken = { ...connected, instanceId: 'sender_1' } as AccountView;
  assert.equal(verdict('on', true, false, [forsaken], false, new Set(['sender_1'])).fault, 'accounts');
  assert.equal(stateOf(forsaken, new Set(['sender_1'])), 'unproven');
});

test('no number is neither good nor bad', () => assert.equal(verdict('on', true, false, []).overall, 'none'));

test('numbers are masked but for prefix and end', () => {
  assert.equal(masked('40737571397'), '+40 **** 1397');
  assert.equal(masked('27721111234'), '+27 **** 1234');
  assert.equal(masked('12025550123'), '+1 **** 0123');
  assert.equal(masked('35312345678'), '+353 **** 5678');
  assert.equal(masked('12'), '****');
  assert.equal(spaced('40737571397'), '+40 737 571 397');
});
