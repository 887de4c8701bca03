import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lease, marginMs, type Clock } from '../src/lease.ts';

class TestClock implements Clock {
  mono = 1000;
  utc = 50_000;
  monotonic = (): number => this.mono;
  wall = (): number => this.utc;
  pass(ms: number): void {
    this.mono += ms;
    this.utc += ms;
  }
}

function lease(): { lease: Lease; clock: TestClock } {
  const clock = new TestClock();
  return { lease: new Lease(() => {}, clock), clock };
}

test('it holds until two seconds before its end', () => {
  const { lease: one, clock } = lease();
  assert.equal(one.alive, false);
  one.renew(1, 10_000);
  clock.pass(10_000 - marginMs - 1);
  assert.equal(one.alive, true);
  clock.pass(1);
  assert.equal(one.alive, false);
  one.renew(1, 10_000);
  assert.equal(one.alive, true);
  one.end();
});

test('a lower epoch is refused and changes nothing; a higher one is taken', () => {
  const { lease: one, clock } = lease();
  one.renew(4, 5000);
  assert.throws(() => one.renew(3, 60_000), { code: 'stale_epoch' });
  clock.pass(5000);
  assert.equal(one.alive, false);
  one.renew(5, 60_000);
  assert.equal(one.epoch, 5);
  one.end();
});

test('what was written long ago is worth that much less, and the future is no reason for more', () => {
  const { lease: one, clock } = lease();
  one.renew(1, 10_000, clock.utc - 9000);
  assert.equal(one.alive, false);
  one.renew(1, 10_000, clock.utc + 60_000);
  clock.pass(10_000 - marginMs);
  assert.equal(one.alive, false);
  one.end();
});

test('a machine that slept has lost it, though its monotonic clock stood still', () => {
  const { lease: one, clock } = lease();
  one.renew(1, 30_000);
  clock.utc += 60_000;
  assert.equal(one.alive, false);
  one.end();
});

test('the end is told without anybody asking', async () => {
  const told = await new Promise(resolve => new Lease(() => resolve(true)).renew(1, marginMs));
  assert.equal(told, true);
});
