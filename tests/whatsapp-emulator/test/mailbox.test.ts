import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from '../src/mailbox.ts';
import { node } from '../src/nodes.ts';
import { Stats } from '../src/stats.ts';

const MARIA = '40722000001@s.whatsapp.net';
const message = (id: string) => node('message', { id, from: MARIA });
const nack = (id: string) => node('ack', { class: 'message', id, to: MARIA, error: 500 });
const newMailbox = () => new Mailbox(new Stats(), '40711000001', 1);

test('a receipt of any type settles a message', () => {
  for (const type of [undefined, 'inactive', 'read', 'retry', 'peer_msg']) {
    const mailbox = newMailbox();
    mailbox.add(message('A'));
    mailbox.receipt('B', type);
    assert.equal(mailbox.size, 1);
    mailbox.receipt('A', type);
    assert.equal(mailbox.size, 0);
  }
});

test('the NACK after a retry request leaves the second copy alone', () => {
  const mailbox = newMailbox();
  mailbox.add(message('A'));
  mailbox.receipt('A', 'retry');
  mailbox.add(message('A'));
  mailbox.ack(nack('A'));
  assert.equal(mailbox.size, 1);
  mailbox.receipt('A', undefined);
  assert.equal(mailbox.size, 0);
});

test('a NACK alone makes the server forget the message', () => {
  const mailbox = newMailbox();
  const { record } = mailbox.add(message('A'));
  mailbox.ack(nack('A'));
  assert.equal(mailbox.size, 0);
  assert.deepEqual([record.state, record.error], ['nack', '500']);
});

test('an ack settles the receipt that it names, and no other', () => {
  const mailbox = newMailbox();
  mailbox.add(node('receipt', { id: 'A', from: MARIA }));
  mailbox.add(node('receipt', { id: 'A', from: MARIA, type: 'read' }));
  mailbox.add(node('receipt', { id: 'A', from: '40722000002@s.whatsapp.net' }));
  mailbox.ack(node('ack', { class: 'receipt', id: 'A', to: MARIA, type: 'read' }));
  assert.deepEqual([...mailbox].map(each => [each.node.attrs['from'], each.node.attrs['type']]), [
    [MARIA, undefined],
    ['40722000002@s.whatsapp.net', undefined],
  ]);
});
