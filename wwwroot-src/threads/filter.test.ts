import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThreadView } from '../contracts.g.ts';
import { everything, matches } from './filter.ts';

const thread: ThreadView = {
  id: 1, accountId: 7, title: 'Ștefan Popescu', phone: '40721234567', isGroup: false, lastMessageAt: 0, lastText: 'Mâine la 10?', lastKind: 'text',
  lastFromMe: false, lastStatus: 'received', unread: 0,
};
const finds = (words: string) => matches(thread, { ...everything, words });

test('names are found without their marks and in any order', () => {
  assert.ok(finds('stefan'));
  assert.ok(finds('pop ste'));
  assert.ok(finds('maine'));
  assert.ok(!finds('stefan ionescu'));
});

test('a number is found however it is written', () => {
  assert.ok(finds('0721 234'));
  assert.ok(finds('+40 721-234-567'));
  assert.ok(!finds('0722'));
});

test('unread and account narrow the list', () => {
  assert.ok(!matches(thread, { ...everything, onlyUnread: true }));
  assert.ok(matches({ ...thread, unread: 2 }, { ...everything, onlyUnread: true }));
  assert.ok(!matches(thread, { ...everything, accountId: 8 }));
});
