import { makeNoiseHandler as usedByBaileys } from 'baileys';
import { version } from 'baileys/package.json';
import { makeNoiseHandler } from './noise.ts';
import { readSkippedGroupKeys, spareOtherSessions } from './sessions.ts';
import { closeSignatureHoles, findOpenHole } from './signatures.ts';

/** The one version of Baileys whose insides this program knows. */
const knownBaileys = '7.0.0-rc14';

/** Makes the process safe to run; resolves with the first line of the protocol, which says so or why not. */
export async function greeting(): Promise<{ hello: object } | { fatal: { code: string; message: string } }> {
  if (version !== knownBaileys)
    return unsafe(`The bridge was built with Baileys ${version}; it is safe only with ${knownBaileys}. Build it again from its lock file.`);
  closeSignatureHoles();
  spareOtherSessions();
  readSkippedGroupKeys();
  if (usedByBaileys !== makeNoiseHandler)
    return unsafe('The bridge was built without its own handshake. Build it with "npm run build".');
  const hole = await findOpenHole();
  return hole
    ? unsafe(`The bridge refuses to run, because ${hole}. Build it again from its lock file.`)
    : { hello: { protocol: 1, baileys: version, node: process.version, pid: process.pid } };
}

function unsafe(message: string): { fatal: { code: string; message: string } } {
  return { fatal: { code: 'unsafe_baileys', message } };
}
