import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pressure } from '../src/pressure.ts';

class Socket {
  paused = false;
  pause(): void { this.paused = true; }
  resume(): void { this.paused = false; }
}

test('reading stops when too much is under way and goes on when most of it is done', () => {
  const socket = new Socket();
  const pressure = new Pressure(socket, () => 0);
  const stanzas = Array.from({ length: 300 }, () => ({}));
  for (const stanza of stanzas.slice(0, 256))
    pressure.begin(stanza);
  assert.equal(socket.paused, false);
  for (const stanza of stanzas.slice(256))
    pressure.begin(stanza);
  assert.equal(socket.paused, true);
  for (const stanza of stanzas.slice(0, 200))
    pressure.end(stanza);
  assert.equal(socket.paused, true);
  for (const stanza of stanzas.slice(200))
    pressure.end(stanza);
  assert.equal(socket.paused, false);
});

test('what the worker has not taken counts until it is taken', () => {
  const socket = new Socket();
  let waiting = 1000;
  const pressure = new Pressure(socket, () => waiting);
  const stanza = {};
  pressure.begin(stanza);
  pressure.end(stanza);
  assert.equal(socket.paused, true);
  waiting = 10;
  pressure.relieve();
  assert.equal(socket.paused, false);
});

test('what was given up without a word does not stop the reading for long', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const socket = new Socket();
  const pressure = new Pressure(socket, () => 0);
  for (let at = 0; at < 300; at++)
    pressure.begin({});
  assert.equal(socket.paused, true);
  t.mock.timers.tick(1000);
  assert.equal(socket.paused, false);
  pressure.stop();
});
