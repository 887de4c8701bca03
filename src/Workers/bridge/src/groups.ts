import type { GroupMetadata } from 'baileys';
import { TimedCache, times } from './caches.ts';
import type { Connection } from './connection.ts';
import { named } from './decode.ts';
import { log, reasonOf } from './logs.ts';

/** What WhatsApp says of the account's groups; asked once, until a notification says that it changed. */
export class Groups {
  readonly #known = new TimedCache(times.groups);
  readonly #told = new Set<string>();

  constructor(private readonly connection: Connection) {}

  async get(jid: string): Promise<GroupMetadata> {
    const known = this.#known.get<GroupMetadata>(jid);
    if (known)
      return known;
    const group = await this.connection.sock.groupMetadata(jid);
    this.#known.set(jid, group);
    return group;
  }

  changed(jid: string): void {
    this.#known.del(jid);
  }

  /** Tells the worker how a group is called, once: the stanzas of a group never say it. */
  async tellName(jid: string): Promise<void> {
    if (this.#told.has(jid))
      return;
    this.#told.add(jid);
    const { delivery, names, account } = this.connection;
    try {
      const { subject } = await this.get(jid);
      if (subject)
        delivery.tell(await named(jid, subject, names));
    } catch (error) {
      log('warn', 'the name of a group is not known', { account, reason: reasonOf(error) });
    }
  }
}
