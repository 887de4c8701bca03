import './silence.ts';
import { Accounts } from './accounts.ts';
import { Channel } from './frames.ts';
import { greeting } from './hello.ts';
import { log, reasonOf } from './logs.ts';
import { openOutput } from './output.ts';

const unsafeExit = 3;
const end = (): never => process.exit(0);

process.on('uncaughtException', error => {
  log('error', 'the bridge failed and ends', { reason: reasonOf(error) });
  process.exit(1);
});
process.on('unhandledRejection', error => log('warn', 'something failed that nobody waited for', { reason: reasonOf(error) }));

const write = openOutput(end);
const first = await greeting();
if ('fatal' in first) {
  write(`${JSON.stringify(first)}\n`, () => process.exit(unsafeExit));
} else {
  const accounts = new Accounts();
  const channel = accounts.channel = new Channel(write, accounts.handle);
  channel.line(first);
  process.stdin.on('data', (chunk: Buffer) => channel.push(chunk)).on('end', end).on('error', end);
}
