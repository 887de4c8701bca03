// Node 20 reads no TypeScript, so the tests that stand beside the sources are bundled first; then node's own runner takes them.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const outdir = path.join(here, 'dist', 'test');
rmSync(outdir, { recursive: true, force: true });

const tests = readdirSync(here, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => path.relative(here, path.join(entry.parentPath ?? entry.path, entry.name)))
  .filter((file) => !file.startsWith('node_modules'))
  .sort();

await esbuild.build({
  absWorkingDir: here,
  entryPoints: tests,
  outdir,
  outbase: here,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});

const files = tests.map((file) => path.join(outdir, file.replace(/\.ts$/, '.mjs')));
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...process.argv.slice(2), ...files], { stdio: 'inherit', cwd: here });
process.exit(run.status ?? 1);
