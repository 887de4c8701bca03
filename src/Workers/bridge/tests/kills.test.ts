import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const trials = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../tests/trials.json'), 'utf8'))['sigkill-rounds'];
const rounds: number = trials[process.env.REALTIMEWA_TRIALS === 'full' ? 'full' : 'quick'];
const shop = '40711000018';
const customers = ['40722000018', '40722000028', '40722000038'];
const perRound = 20;
const longestLifeMs = 700;
let emulator: Emulator;
let group = '';
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  for (const pn of customers)
    await emulator.contact(pn);
  group = (await emulator.call('POST', '/api/groups', { subject: 'All', members: [...customers, shop] })).jid;
  await worker.open();
  await emulator.link(worker, 1, shop);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

/** Sends until the server has it, through every death of the bridge. */
async function sendUntilAcknowledged(messageId: string, chat: string): Promise<void> {
  const acknowledged = (): boolean => worker.frames.some(frame => frame.ev === 'ack' && frame.body.messageId === messageId);
  for (let attempt = 0; !acknowledged() && attempt < 200; attempt++) {
    await worker.ask('send', 1, { messageId, chat, content: { text: `text of ${messageId}` } }).catch(() => {});
    await Promise.race([worker.until(acknowledged, 'an ack', 400).catch(() => {}), wait(400)]);
  }
}

test(`killed ${rounds} times at random moments, the bridge loses nothing and doubles nothing`, { timeout: 60_000 + rounds * 30_000 }, async context => {
  const written: string[] = [];
  const sent: { id: string; pn: string }[] = [];
  for (let round = 0; round < rounds; round++) {
    const sending: Promise<void>[] = [];
    const writing = Array.from({ length: perRound }, async (_, at) => {
      const { id } = await emulator.writes(customers[at % customers.length]!, at % 4 === 3 ? group : shop, `round ${round} text ${at}`);
      written.push(id);
    });
    for (let at = 0; at < perRound / 4; at++) {
      const one = { id: `3EB0FACE${round}X${at}`, pn: customers[at % customers.length]! };
      sent.push(one);
      sending.push(sendUntilAcknowledged(one.id, `${one.pn}@s.whatsapp.net`));
    }
    const lifeMs = Math.round(Math.random() * longestLifeMs);
    context.diagnostic(`killed after ${lifeMs} ms`);
    await wait(lifeMs);
    await worker.kill();
    await worker.open();
    await emulator.open(worker, 1);
    await worker.ask('replay', 1, { records: [...worker.stored(1).records.values()].filter(record => !worker.stored(1).done.has(record.key)) });
    await Promise.all([...writing, ...sending]);
  }
  const { events } = worker.stored(1);
  for (const id of written)
    await worker.event(1, one => one.type === 'message' && one.id === id, `message ${id}`);
  assert.equal(new Set(events.filter(one => one.type === 'message' && !one.fromMe).map(one => one.id)).size, written.length);
  for (const pn of customers) {
    const mine = sent.filter(one => one.pn === pn).map(one => one.id);
    const shown = (await emulator.shown(pn, mine.length)).filter(one => one.id.startsWith('3EB0FACE'));
    assert.deepEqual(shown.map(one => one.id).sort(), mine.sort());
    for (const one of shown)
      assert.equal(one.text, `text of ${one.id}`);
  }
  const counters = await emulator.counters();
  assert.equal(counters.nacks ?? 0, 0);
  assert.equal(counters.retryRequests ?? 0, 0, 'messages that the bridge asked for again');
  assert.equal(counters.retryRequestsOfPhones ?? 0, 0, 'messages that phones asked for again');
});
