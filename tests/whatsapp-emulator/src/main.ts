import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverCertificate } from './authority.ts';
import { control } from './control/api.ts';
import { Emulator } from './emulator.ts';
import { parseOptions } from './options.ts';
import { plant } from './seeds.ts';
import { listen } from './server.ts';

const options = parseOptions(process.argv.slice(2));
const emulator = new Emulator(options.rootSeed ? { rootSeed: options.rootSeed } : {});
const caDir = options.caDir ?? mkdtempSync(join(tmpdir(), 'whatsapp-emulator-'));
const certificate = serverCertificate(caDir);
if (!options.caDir) process.on('exit', () => rmSync(caDir, { recursive: true, force: true }));

try {
  if (options.seedData) plant(emulator, options.seedData);
} catch (error) {
  process.stderr.write(`The seed data can't be used: ${error instanceof Error ? error.message : String(error)}.\n`);
  process.exit(1);
}

try {
  await listen(emulator, options.port, certificate, control(emulator));
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  const reason = code === 'EADDRINUSE' ? `port ${options.port} is in use: choose another with --port, or 0 for a free one` : String(error);
  process.stderr.write(`The WhatsApp emulator can't listen: ${reason}.\n`);
  process.exit(1);
}

const leave = () => process.exit(0);
process.on('SIGTERM', leave);
process.on('SIGINT', leave);
if (options.exitWithStdin) {
  process.stdin.on('end', leave).on('error', leave).resume();
}

process.stdout.write(
  `${JSON.stringify({
    port: emulator.port,
    url: `ws://127.0.0.1:${emulator.port}/ws/chat`,
    mediaCa: certificate.caPath,
    rootPublicKey: emulator.chain.root.public.toString('base64'),
    pid: process.pid,
  })}\n`,
);
