import { TimedCache, times } from './caches.ts';
import type { KeyStore } from './keys.ts';

const type = 'devices';

interface Known {
  devices: unknown;
  /** UTC milliseconds. */
  until: number;
}

/**
 * The devices of each contact, as Baileys wants to cache them, kept with the keys. Without that, the first message to
 * everybody after a start would look them up again and, as Baileys does it, replace every session with a new one.
 */
export class Devices {
  readonly #memory = new TimedCache(times.devices);

  constructor(private readonly store: KeyStore) {}

  async get<T>(user: string): Promise<T | undefined> {
    const held = this.#memory.get<T>(user);
    if (held)
      return held;
    const known = (await this.store.read(type, [user]))[user] as Known | undefined;
    if (!known || known.until < Date.now())
      return undefined;
    this.#memory.set(user, known.devices);
    return known.devices as T;
  }

  async set<T>(user: string, devices: T): Promise<void> {
    const known: Known = { devices, until: Date.now() + times.devices };
    await this.store.commit({ keys: { [type]: { [user]: known } } });
    this.#memory.set(user, devices);
  }

  async del(user: string): Promise<void> {
    this.#memory.del(user);
    await this.store.commit({ keys: { [type]: { [user]: null } } });
  }

  flushAll(): void {
    this.#memory.flushAll();
  }
}
