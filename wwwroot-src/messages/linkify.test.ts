import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).filter((piece) => piece.href).map((piece) => piece.href);

test('the pieces are the text again, whatever it holds', () => {
  for (const text of ['', 'no link', 'see https://example.org/a?b=c#d.', '(www.example.org) and http://x.y/(z)', '<a href="https://evil.example">x</a>', 'https://', '👩‍👩‍👧 https://例え.jp ‮ reversed'])
    assert.equal(linkify(text).map((piece) => piece.text).join(''), text);
});

test('addresses become links without the punctuation around them', () => {
  assert.deepEqual(links('See https://example.org/a, please.'), ['https://example.org/a']);
  assert.deepEqual(links('(https://example.org/a_(b))'), ['https://example.org/a_(b)']);
  assert.deepEqual(links('www.example.org/x!'), ['https://www.example.org/x']);
  assert.deepEqual(links('two: http://a.example and https://b.example/'), ['http://a.example/', 'https://b.example/']);
});

test('nothing but http and https is a link', () => {
  assert.deepEqual(links('javascript:alert(1) data:text/html,x file:///etc/passwd ftp://x.example'), []);
});

test('an address that names a user is no link: it only pretends to be a place', () => {
  assert.deepEqual(links('https://bank.example@evil.example/'), []);
});

test('a long run of brackets takes no long time', () => {
  assert.deepEqual(links(`https://example.org/${')'.repeat(2000)}`), ['https://example.org/']);
});
