import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { SERVER } from './jids.ts';
import { bytesOf, child, children, node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

const stored = new WeakMap<Phone, Map<string, Buffer[]>>();

function patchesOf(phone: Phone, name: string): Buffer[] {
  const collections = stored.get(phone) ?? new Map<string, Buffer[]>();
  stored.set(phone, collections);
  const patches = collections.get(name) ?? [];
  collections.set(name, patches);
  return patches;
}

/** Settings that devices share, as patches that the server can't read: version n is the n-th patch. */
export function appState(_: Emulator, connection: Connection, request: Node): void {
  const { companion } = connection;
  if (!companion) return;
  const answers = children(child(request, 'sync'), 'collection').map(collection => {
    const name = collection.attrs['name'] ?? '';
    const version = Number(collection.attrs['version'] ?? 0);
    const patches = patchesOf(companion.phone, name);
    const patch = bytesOf(collection, 'patch');
    if (!patch) {
      const missing = patches.slice(version).map(each => node('patch', {}, each));
      return node('collection', { name, version: patches.length }, [node('patches', {}, missing)]);
    }
    if (version !== patches.length) {
      return node('collection', { name, type: 'error' }, [node('error', { code: 409, text: 'conflict' })]);
    }
    patches.push(patch);
    for (const other of companion.phone.companions.values()) {
      if (other === companion) continue;
      other.deliver(
        node('notification', { from: SERVER, type: 'server_sync', id: connection.nextId(), t: Math.floor(Date.now() / 1000) }, [
          node('collection', { name, version: patches.length }),
        ]),
      );
    }
    return node('collection', { name, version: patches.length });
  });
  connection.reply(request, [node('sync', {}, answers)]);
}
