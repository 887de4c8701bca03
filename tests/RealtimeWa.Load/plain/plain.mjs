// The yardstick: Baileys as its own documentation shows it. One process, useMultiFileAuthState, a listener.
//
//   node plain.mjs --url ws://127.0.0.1:PORT/… --folder DIR --accounts N
//
// Speaks JSON lines, each with the key "plain": qr, open, sent, reached, taken. Listens for JSON lines on standard input:
//   {"op":"send","account":0,"to":digits,"text"}   answered by sent {text, at}: the moment of the call
//   {"op":"expect","account":0,"count":n}          answered by reached {at} when so many messages have come since
//   {"op":"take"}                                  answered by taken {messages: [[id, at]…]}, and forgets them
// Times are epoch milliseconds with a fraction.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import makeWASocket, { DisconnectReason, useMultiFileAuthState } from 'baileys';

const { values } = parseArgs({
  options: { url: { type: 'string' }, folder: { type: 'string' }, accounts: { type: 'string', default: '1' } },
});

const now = () => performance.timeOrigin + performance.now();
const say = line => process.stdout.write(`${JSON.stringify(line)}\n`);
const nothing = () => {};
const logger = {
  level: 'silent', child: () => logger, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing,
};

let received = [];
const sockets = [];
const expected = [];

async function connect(account) {
  const folder = join(values.folder, String(account));
  mkdirSync(folder, { recursive: true });
  const { state, saveCreds } = await useMultiFileAuthState(folder);
  const socket = makeWASocket({ auth: state, waWebSocketUrl: values.url, logger });
  sockets[account] = socket;
  socket.ev.on('creds.update', saveCreds);
  socket.ev.on('connection.update', ({ connection, lastDisconnect, qr }) => {
    if (qr) say({ plain: 'qr', account, qr });
    if (connection === 'open') say({ plain: 'open', account, at: now() });
    if (connection === 'close' && lastDisconnect?.error?.output?.statusCode !== DisconnectReason.loggedOut) connect(account);
  });
  socket.ev.on('messages.upsert', ({ messages }) => {
    for (const message of messages) {
      if (message.key.fromMe || !message.message) continue;
      const at = now();
      received.push([message.key.id, at]);
      const waits = expected[account];
      if (waits && --waits.count === 0) {
        expected[account] = undefined;
        say({ plain: 'reached', account, at });
      }
    }
  });
}

async function send({ account, to, text }) {
  const at = now();
  await sockets[account].sendMessage(`${to}@s.whatsapp.net`, { text });
  say({ plain: 'sent', account, text, at });
}

createInterface({ input: process.stdin })
  .on('line', async line => {
    const command = JSON.parse(line);
    if (command.op === 'send') await send(command);
    if (command.op === 'expect') expected[command.account] = { count: command.count };
    if (command.op === 'take') {
      say({ plain: 'taken', messages: received });
      received = [];
    }
  })
  .on('close', () => process.exit(0));

for (let account = 0; account < Number(values.accounts); account++) connect(account);
