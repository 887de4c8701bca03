import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const shop = '40711000006';
const ana = '40722000006';
let emulator: Emulator;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await emulator.contact(ana, { name: 'Ana' });
  await worker.open();
  await emulator.link(worker, 1, shop);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

test('records that never became rows are replayed as what they were live', async () => {
  const { id } = await emulator.writes(ana, shop, 'first');
  await worker.event(1, one => one.type === 'message' && one.id === id);
  await emulator.writes(ana, shop, { reaction: { id, emoji: '👍' } }).catch(() => emulator.writes(ana, shop, { reaction: '👍', id }));
  await worker.event(1, one => one.type === 'reaction', 'a reaction');
  await worker.ask('send', 1, { messageId: '3EB0F1', chat: `${ana}@s.whatsapp.net`, content: { text: 'second' } });
  await worker.event(1, one => one.type === 'receipt' && one.ids.includes('3EB0F1') && !one.fromMe);

  const stored = worker.stored(1);
  const records = [...stored.records.values()];
  await worker.until(() => records.every(record => stored.done.has(record.key)), 'all records done');
  const sorted = (events: any[]): string[] => events.filter(one => one.type !== 'chat' || !one.chat.group).map(one => JSON.stringify(one)).sort();
  const live = sorted(stored.events);
  stored.events.length = 0;
  stored.done.clear();
  await worker.ask('replay', 1, { records });
  assert.deepEqual(sorted(stored.events), live);
  assert.equal(stored.done.size, records.length);
});
