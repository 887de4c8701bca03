import type { Companion } from './companions.ts';
import { node } from './nodes.ts';
import type { Phone } from './phones.ts';

const watchers = new WeakMap<Phone, Set<Companion>>();
let last = 0;

/** A device that looked up another's devices is told when they change. */
export function watch(phone: Phone, by: Companion): void {
  const known = watchers.get(phone);
  if (known) known.add(by);
  else watchers.set(phone, new Set([by]));
}

export function devicesChanged(phone: Phone, what: 'add' | 'remove', device: number): void {
  for (const watcher of watchers.get(phone) ?? []) {
    if (!watcher.phone.companions.has(watcher.device)) {
      watchers.get(phone)?.delete(watcher);
      continue;
    }
    watcher.deliver(
      node('notification', { from: phone.jid('pn'), type: 'devices', id: `devices-${++last}`, t: Math.floor(Date.now() / 1000) }, [
        node(what, {}, [node('device', { jid: phone.jid('pn', device), 'key-index': device })]),
      ]),
    );
  }
}
