import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from './control/contacts.ts';
import { makeGroup } from './control/groups.ts';
import type { Emulator } from './emulator.ts';

/** Makes the contacts and groups that a folder describes. */
export function plant(emulator: Emulator, folder: string): void {
  for (const body of read(folder, 'contacts.json')) setUp(emulator, emulator.world.make(String(body['pn'] ?? '')), body);
  for (const body of read(folder, 'groups.json')) makeGroup(emulator, body);
}

function read(folder: string, name: string): Record<string, unknown>[] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(content)) throw new RangeError(`${name} has to hold an array`);
  return content as Record<string, unknown>[];
}
