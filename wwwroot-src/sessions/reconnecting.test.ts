import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionStatus, SessionView } from '../contracts.g.ts';
import { use } from '../texts/texts.ts';
import { outcome, refused } from './reconnecting.ts';

const asked = { at: 1_000, updatedAt: 7 };
const session = (status: SessionStatus, updatedAt: number, retryAt: number | null = null) => ({ status, updatedAt, retryAt }) as SessionView;

test('busy until the session changes, and while it connects', () => {
  assert.equal(outcome(asked, session('disconnected', 7), 2_000), 'busy');
  assert.equal(outcome(asked, session('connecting', 8), 2_000), 'busy');
});

test('an end is success, still trying, or failed', () => {
  assert.equal(outcome(asked, session('connected', 9), 2_000), 'done');
  assert.equal(outcome(asked, session('disconnected', 9, 5_000), 2_000), 'trying');
  assert.equal(outcome(asked, session('disconnected', 9), 2_000), 'failed');
  assert.equal(outcome(asked, session('error', 9), 2_000), 'failed');
});

test('no worker took it up', () => assert.equal(outcome(asked, session('disconnected', 7), 30_000), 'silent'));

test('a refusal with one meaning is said in the language of the page, any other as it came', () => {
  use({ 'refusal.not_found': 'Numărul nu mai este aici.' });
  assert.equal(refused({ account: null, refusal: 'not_found', sentence: 'This number is no longer here.' }), 'Numărul nu mai este aici.');
  assert.equal(refused({ account: null, refusal: 'not_stored', sentence: 'The disk is full.' }), 'The disk is full.');
});
