import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView, SessionStatus } from '../contracts.g.ts';
import { ready } from './readiness.ts';

const account = (status: SessionStatus, retryAt: number | null = null) => ({ session: { status, retryAt } }) as AccountView;

test('only a connected number sends', () => {
  assert.equal(ready(account('connected'), 'on', true).readiness, 'send');
  for (const status of ['init', 'qr_required', 'disconnected', 'error'] as const) {
    const { readiness, note } = ready(account(status), 'on', true);
    assert.deepEqual([readiness, note], ['no', `composer.${status}`]);
  }
});

test('a number that comes back by itself keeps the text until then', () => {
  assert.equal(ready(account('connecting'), 'on', true).readiness, 'wait');
  assert.equal(ready(account('disconnected', 1), 'on', true).readiness, 'wait');
});

test('a browser that is cut off keeps what is sent, and says whose fault it is', () => {
  assert.deepEqual(ready(account('connected'), 'off', true), { readiness: 'queue', note: 'composer.server' });
  assert.deepEqual(ready(account('connected'), 'late', false), { readiness: 'queue', note: 'composer.browser' });
  assert.deepEqual(ready(account('connected'), 'late', true), { readiness: 'queue', note: null });
});

test('a removed number takes nothing', () => assert.equal(ready(undefined, 'on', true).readiness, 'no'));
