// Every file in entries/ becomes one file of the same name in the console's web root; static/ is copied as it is.
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const outdir = path.resolve(here, process.env.REALTIMEWA_WEBROOT ?? '../src/Console/wwwroot');
const watch = process.argv.includes('--watch');

const names = (await readdir(path.join(here, 'entries'))).filter((name) => /\.(ts|css)$/.test(name) && !name.endsWith('.test.ts')).sort();

const options = {
  absWorkingDir: here,
  entryPoints: names.map((name) => path.join('entries', name)),
  entryNames: '[name]',
  assetNames: '[name]',
  outdir,
  bundle: true,
  format: 'esm',
  target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
  minify: !watch,
  sourcemap: 'linked',
  legalComments: 'none',
  charset: 'utf8',
  plugins: [servedAsItIs()],
  logLevel: 'warning',
};

await mkdir(outdir, { recursive: true });
await removeStale();
await cp(path.join(here, 'static'), outdir, { recursive: true, force: true }).catch((error) => {
  if (error.code !== 'ENOENT') throw error;
});

if (watch) {
  const context = await esbuild.context({ ...options, logLevel: 'info' });
  await context.watch();
} else {
  await esbuild.build(options);
}

/** url(/…) in a style sheet names what the web server has, not a file of this build. */
function servedAsItIs() {
  return {
    name: 'served-as-it-is',
    setup(build) {
      build.onResolve({ filter: /^\// }, ({ kind, path }) => (kind === 'url-token' ? { path, external: true } : undefined));
    },
  };
}

/** What an earlier build left and this one does not make, so that a removed entry is gone from the web root too. */
async function removeStale() {
  const made = new Set(names.flatMap((name) => [name.replace(/\.ts$/, '.js'), name.replace(/\.ts$/, '.js') + '.map']));
  for (const entry of await readdir(outdir)) {
    if (/\.(js|css)(\.map)?$/.test(entry) && !made.has(entry)) await rm(path.join(outdir, entry));
  }
}
