import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel, Refusal } from '../src/frames.ts';
import { Lines } from '../src/lines.ts';

function cut(chunks: (string | Buffer)[], limit?: number): { lines: string[]; tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const cutter = new Lines(line => lines.push(line), () => tooLong++, limit);
  for (const chunk of chunks)
    cutter.push(Buffer.from(chunk as string));
  return { lines, tooLong };
}

test('lines come whole however the bytes are cut', () => {
  const bytes = Buffer.from('{"a":"ș😀"}\n\n{"b":2}\n');
  for (let size = 1; size <= bytes.length; size++) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size)
      chunks.push(bytes.subarray(at, at + size));
    assert.deepEqual(cut(chunks).lines, ['{"a":"ș😀"}', '{"b":2}']);
  }
});

test('a line that is too long is dropped, and the next one is read', () => {
  assert.deepEqual(cut(['aaaa', 'aaaa', 'aa\nbb\n'], 6), { lines: ['bb'], tooLong: 1 });
});

function pair(handle: (op: any) => Promise<object> = async () => ({})): { channel: Channel; out: () => Promise<any[]> } {
  let text = '';
  const channel = new Channel(one => (text += one), handle);
  return { channel, out: async () => {
    await new Promise(resolve => setImmediate(resolve));
    return text.split('\n').filter(Boolean).map(line => JSON.parse(line));
  } };
}

const say = (channel: Channel, frame: object): void => channel.push(Buffer.from(`${JSON.stringify(frame)}\n`));

test('an operation gets one answer, or an error with its code', async () => {
  const { channel, out } = pair(async op => {
    if (op.op === 'bad')
      throw new Refusal('rejected', 'No.');
    if (op.op === 'worse')
      throw new Error('secret 40712345678');
    return { echo: op.body };
  });
  say(channel, { id: 1, op: 'good', body: { a: 1 } });
  say(channel, { id: 2, op: 'bad' });
  say(channel, { id: 3, op: 'worse' });
  say(channel, { id: 4 });
  const answers = await out();
  assert.deepEqual(answers.find(one => one.re === 1), { re: 1, ok: { echo: { a: 1 } } });
  assert.deepEqual(answers.find(one => one.re === 2), { re: 2, err: { code: 'rejected', message: 'No.' } });
  assert.equal(answers.find(one => one.re === 3).err.code, 'internal');
  assert.doesNotMatch(JSON.stringify(answers), /40712345678/);
  assert.equal(answers.find(one => one.re === 4).err.code, 'bad_frame');
});

test('a request resolves with its answer, rejects with its error, and times out', async () => {
  const { channel, out } = pair();
  const good = channel.request('commit', 7, 3, { keys: [] });
  const bad = channel.request('commit', 7, 3, {});
  const late = assert.rejects(channel.request('commit', 7, 3, {}, 1), { code: 'timeout' });
  const [first] = await out();
  assert.deepEqual(first, { id: 1, ev: 'commit', account: 7, epoch: 3, body: { keys: [] } });
  say(channel, { re: 2, err: { code: 'lease_lost', message: 'Gone.' } });
  say(channel, { re: 1, ok: { a: 1 } });
  say(channel, { re: 99, ok: {} });
  assert.deepEqual(await good, { a: 1 });
  await assert.rejects(bad, { code: 'lease_lost' });
  await late;
});
