import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });

const tests = readdirSync('test')
  .filter(name => name === 'run.ts' || name === 'bench.ts' || name.endsWith('.test.ts'))
  .map(name => `test/${name}`);

const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
};

await build({ ...common, entryPoints: ['src/main.ts', 'src/demo.ts'], outdir: 'dist' });
await build({ ...common, entryPoints: tests, outdir: 'dist/test' });
