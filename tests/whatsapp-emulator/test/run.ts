import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverCertificate } from '../src/authority.ts';

/** Node reads extra CAs only when it starts, so the CA has to be there before the tests are. */
const caDir = mkdtempSync(join(tmpdir(), 'whatsapp-emulator-tests-'));
const { caPath } = serverCertificate(caDir);
const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter(name => name.endsWith('.test.js') && (wanted.length === 0 || wanted.some(each => name.startsWith(each))))
  .map(name => join(import.meta.dirname, name));

const child = spawn(process.execPath, ['--enable-source-maps', '--test', '--test-force-exit', '--test-concurrency=2', ...files], {
  stdio: 'inherit',
  env: { ...process.env, NODE_EXTRA_CA_CERTS: caPath, EMULATOR_CA_DIR: caDir },
});
child.on('exit', code => {
  rmSync(caDir, { recursive: true, force: true });
  process.exit(code ?? 1);
});
