import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Emulator } from './emulator.ts';
import { Worker } from './worker.ts';

const trials = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../tests/trials.json'), 'utf8'))['sigkill-rounds'];
const rounds: number = trials[process.env.REALTIMEWA_TRIALS === 'full' ? 'full' : 'quick'];
const shops = ['40711000018', '40711000028'];
const customers = ['40722000018', '40722000028', '40722000038'];
const accounts = [1, 2];
const perRound = 20;
const longestLifeMs = 700;
let emulator: Emulator;
let group = '';
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  for (const pn of customers)
    await emulator.contact(pn);
  group = (await emulator.call('POST', '/api/groups', { subject: 'All', members: [...customers, ...shops] })).jid;
  await worker.open();
  for (const [at, pn] of shops.entries())
    await emulator.link(worker, accounts[at]!, pn);
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

/** Sends until the server has it, through every death of the bridge. */
async function sendUntilAcknowledged(account: number, messageId: string, chat: string): Promise<void> {
  const acknowledged = (): boolean => worker.frames.some(frame => frame.ev === 'ack' && frame.body.messageId === messageId);
  for (let attempt = 0; !acknowledged() && attempt < 200; attempt++) {
    await worker.ask('send', account, { messageId, chat, content: { text: `text of ${messageId}` } }).catch(() => {});
    await Promise.race([worker.until(acknowledged, 'an ack', 400).catch(() => {}), wait(400)]);
  }
}

test(`killed ${rounds} times at random moments, the bridge loses nothing and doubles nothing, of two accounts that know the same people`, { timeout: 60_000 + rounds * 30_000 }, async context => {
  const written = new Map<number, string[]>(accounts.map(account => [account, []]));
  const sent: { id: string; pn: string }[] = [];
  for (let round = 0; round < rounds; round++) {
    const sending: Promise<void>[] = [];
    const writing = Array.from({ length: perRound }, async (_, at) => {
      const isForAll = at % 4 === 3;
      const { id } = await emulator.writes(customers[at % customers.length]!, isForAll ? group : shops[at % 2]!, `round ${round} text ${at}`);
      for (const account of isForAll ? accounts : [accounts[at % 2]!])
        written.get(account)!.push(id);
    });
    for (let at = 0; at < perRound / 4; at++) {
      const one = { id: `3EB0FACE${round}X${at}`, pn: customers[at % customers.length]! };
      sent.push(one);
      sending.push(sendUntilAcknowledged(accounts[at % 2]!, one.id, `${one.pn}@s.whatsapp.net`));
    }
    const lifeMs = Math.round(Math.random() * longestLifeMs);
    context.diagnostic(`killed after ${lifeMs} ms`);
    await wait(lifeMs);
    await worker.kill();
    await worker.open();
    for (const account of accounts) {
      await emulator.open(worker, account);
      const { records, done } = worker.stored(account);
      await worker.ask('replay', account, { records: [...records.values()].filter(record => !done.has(record.key)) });
    }
    await Promise.all([...writing, ...sending]);
  }
  for (const [account, ids] of written) {
    for (const id of ids)
      await worker.event(account, one => one.type === 'message' && one.id === id, `message ${id}`);
    const theirs = worker.stored(account).events.filter(one => one.type === 'message' && !one.fromMe).map(one => one.id);
    assert.equal(new Set(theirs).size, ids.length);
  }
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
