import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const inBaileys = join('node_modules', 'baileys') + sep;
const inLibsignal = join('node_modules', 'libsignal') + sep;

// Baileys imports its noise handler by a relative path and offers no way to give it another one. Its handshake
// does not check that the certificate belongs to the server's key, so every import of it gets ours (src/noise.ts).
const ourNoise = {
  name: 'our-noise',
  setup(b) {
    b.onResolve({ filter: /\/noise-handler\.js$/ }, args =>
      args.importer.includes(inBaileys) ? { path: join(here, 'src', 'noise.ts') } : undefined);
  },
};

// Its queue mixes the transactions of accounts that speak with the same phone (src/queue.cjs).
const ourQueue = {
  name: 'our-queue',
  setup(b) {
    b.onResolve({ filter: /^\.\/queue_job$/ }, args =>
      args.importer.includes(inLibsignal) ? { path: join(here, 'src', 'queue.cjs') } : undefined);
  },
};

// Optional extras of Baileys that we never call: pictures and link previews.
const never = ['sharp', 'jimp', 'link-preview-js', 'audio-decode', 'music-metadata'];

const options = {
  absWorkingDir: here,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: never,
  plugins: [ourNoise, ourQueue],
  // CommonJS packages inside the bundle still ask for Node's own modules with require.
  banner: { js: "import { createRequire as bridgeRequire } from 'node:module'; const require = bridgeRequire(import.meta.url);" },
  logLevel: 'warning',
};

const dist = join(here, 'dist');
await mkdir(dist, { recursive: true });
await writeFile(join(dist, 'package.json'), '{ "type": "module" }\n');
await build({ ...options, entryPoints: ['src/main.ts'], outfile: 'dist/bridge.js', minify: true, legalComments: 'none' });

if (process.argv.includes('--tests')) {
  await rm(join(dist, 'tests'), { recursive: true, force: true });
  const tests = (await readdir(join(here, 'tests'))).filter(name => name.endsWith('.test.ts'));
  // What the refusal to run is tried on.
  await build({ ...options, plugins: [], entryPoints: ['src/main.ts'], outfile: 'dist/tests/unsafe.js' });
  await build({ ...options, entryPoints: tests.map(name => `tests/${name}`), outdir: 'dist/tests', splitting: true, sourcemap: 'inline' });
}
