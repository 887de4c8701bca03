import { Client, jidOf } from './client.ts';
import { TestEmulator } from './harness.ts';

/** How fast the emulator is on its own and against one plain socket; prints one JSON line for each figure. */
const ACCOUNT = '40711001001';
const MARIA = '40722001001';
const emulator = await TestEmulator.start();
await emulator.contact(MARIA, { name: 'Maria' });
const client = await new Client(emulator).pair(ACCOUNT);
await client.message((await emulator.send(MARIA, ACCOUNT, 'hello')).id);
await client.socket.sendMessage(jidOf(MARIA), { text: 'hello' });

const cpu = async () => (await emulator.stats()).process.cpuMs as number;
const round = (value: number) => Math.round(value);

async function measure(what: string, count: number, run: () => Promise<unknown>): Promise<void> {
  const [cpuBefore, start] = [await cpu(), performance.now()];
  await run();
  const ms = performance.now() - start;
  const cpuMicros = (((await cpu()) - cpuBefore) / count) * 1000;
  process.stdout.write(`${JSON.stringify({ what, count, perSecond: round((count / ms) * 1000), emulatorCpuMicros: round(cpuMicros) })}\n`);
}

const burst = (count: number) => emulator.post(`/api/contacts/${MARIA}/burst`, { to: ACCOUNT, count, text: 'message {n} of a longer burst' });

await burst(200);
await measure('burst, read by a plain socket', 2000, async () => {
  const from = client.seen.length;
  const { ids } = await burst(2000);
  await client.message(ids.at(-1), from);
});
await client.end();
await measure('burst, into the mailbox', 5000, () => burst(5000));
const contacts = Array.from({ length: 1000 }, (_, at) => ({ pn: String(40733000000 + at), name: `Contact ${at}` }));
await measure('contacts made', contacts.length, () => emulator.post('/api/contacts', { contacts }));
await measure('first message of a contact', 300, async () => {
  for (const { pn } of contacts.slice(0, 300)) await emulator.send(pn, ACCOUNT, 'hello');
});
await emulator.stop();
process.exit(0);
