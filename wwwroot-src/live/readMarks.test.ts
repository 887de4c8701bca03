import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from './clock.ts';
import { ReadMarks } from './readMarks.ts';

test('the first is said at once, and of those that follow within a second only the newest', async () => {
  const { marks, told, second } = reader();
  marks.mark(1, 10);
  for (const id of [11, 12, 13]) marks.mark(1, id);
  assert.deepEqual(told, [[1, 10]]);

  await second();
  assert.deepEqual(told, [[1, 10], [1, 13]]);
  await second();
  marks.mark(1, 14);
  assert.deepEqual(told.at(-1), [1, 14]);
});

test('what was said is not said again, and one thread does not wait for another', async () => {
  const { marks, told, second } = reader();
  marks.mark(1, 10);
  marks.mark(2, 20);
  marks.mark(1, 10);
  await second();
  marks.mark(1, 10);
  assert.deepEqual(told, [[1, 10], [2, 20]]);
});

test('what was refused is said when it is marked again, and not before', async () => {
  const { marks, told, second, refuse } = reader();
  refuse(true);
  marks.mark(1, 10);
  await second();
  assert.deepEqual(told, [[1, 10]]);
  refuse(false);
  marks.mark(1, 10);
  await second();
  assert.deepEqual(told, [[1, 10], [1, 10]]);
});

test('a page that goes says what waits, once', async () => {
  const { marks, told, second } = reader();
  marks.mark(1, 10);
  marks.mark(1, 11);
  marks.flush();
  marks.flush();
  assert.deepEqual(told, [[1, 10], [1, 11]]);
  await second();
  await second();
  assert.deepEqual(told, [[1, 10], [1, 11]]);
});

function reader() {
  const told: [number, number][] = [];
  const waiting: (() => void)[] = [];
  let isRefused = false;
  const clock: Clock = { now: () => 0, wait: () => new Promise((resolve) => waiting.push(resolve)) };
  const marks = new ReadMarks(clock, async (thread, upTo) => {
    told.push([thread, upTo]);
    if (isRefused) throw new Error('no');
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    marks, told,
    refuse: (refused: boolean) => void (isRefused = refused),
    second: async () => {
      await turn();
      for (const resolve of waiting.splice(0)) resolve();
      await turn();
    },
  };
}
