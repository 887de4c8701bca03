import { areJidsSameUser, decodeMessageNode, getBinaryNodeChild, isJidNewsletter, isJidStatusBroadcast, type BaileysEventMap, type BinaryNode } from 'baileys';
import type { Connection } from './connection.ts';
import { eventsOf, named, typingOf } from './decode.ts';
import type { Event } from './events.ts';
import { Groups } from './groups.ts';
import type { Self } from './people.ts';
import { Pressure } from './pressure.ts';
import { keyOf, recordOf, type Kind } from './records.ts';
import type { Arrival, Inbound } from './repository.ts';
import { isWorthKeeping, keepFirst } from './stanzas.ts';
import { Turns } from './turns.ts';
import { UnderWay } from './underway.ts';
import type { RawSocket } from './wire.ts';

/** What comes in over one connection: it is safe at the worker before Baileys acknowledges it, and becomes events after that. */
export class Incoming {
  readonly groups: Groups;
  readonly #pressure: Pressure;
  readonly #underWay = new UnderWay();
  readonly #turns = new Turns();

  constructor(private readonly connection: Connection, private readonly inbound: Inbound, socket: RawSocket) {
    this.groups = new Groups(connection);
    this.#pressure = new Pressure(socket, () => connection.delivery.waiting);
  }

  listen(): void {
    const { sock: { ev, ws }, transactions } = this.connection;
    keepFirst(ws, ['message', 'receipt', 'notification', 'call'], (kind, node) => this.#keep(kind, node), work => transactions.handling(work));
    ws.on('CB:ib,,offline', (node: BinaryNode) => void this.#caughtUp(node));
    ws.on('CB:chatstate', (node: BinaryNode) => void this.#typing(node));
    ev.on('contacts.upsert', contacts => void this.#contacts(contacts));
  }

  /** The worker took events: perhaps there is room again. */
  relieved(): void {
    this.#pressure.relieve();
  }

  stop(): void {
    this.#pressure.stop();
  }

  /** The last ciphertext of a message was opened or given up. */
  opened(arrival: Arrival): void {
    const { node, plaintexts, at, told } = arrival;
    if (!told)
      this.#deliver(keyOf('message', node), at, 'message', node, plaintexts);
    this.#nameGroup(node);
    this.#end(arrival);
  }

  /**
   * What a stanza says, when it comes alone: then its commit makes rows of it at once. Among others it waits for them, because many
   * become rows together in less time than each alone; and behind what waits already, so that all keep their order.
   */
  async alone(kind: Kind, node: BinaryNode, plaintexts: [string, string][]): Promise<Event[] | undefined> {
    const { delivery, self, names } = this.connection;
    if (!delivery.isIdle || !this.#underWay.isOne(performance.now()) || node.attrs.category === 'peer')
      return undefined;
    try {
      return await eventsOf({ kind, node, plaintexts }, self, names);
    } catch {
      return undefined; // It is read again after the commit, where this is said.
    }
  }

  /** True when Baileys may go on with a stanza: it is safe at the worker, or needs not be. */
  async #keep(kind: Kind, node: BinaryNode): Promise<boolean> {
    const { connection } = this;
    if (kind === 'message' || kind === 'receipt')
      connection.notices.heard(node);
    if (!connection.isLinked || !isWorthKeeping(kind, node))
      return true;
    if (isIgnored(node.attrs.from ?? ''))
      return await this.#ignore(kind, node);
    if (kind === 'message' && isOpened(node, connection.self)) {
      const arrival = this.inbound.arrived(node);
      if (arrival) {
        this.#begin(arrival);
        await this.#turns.take(`${node.attrs.from}/${node.attrs.participant}`, arrival.begun);
        return true;
      }
    }
    if (node.attrs.type === 'w:gp2' && node.attrs.from)
      this.groups.changed(node.attrs.from);
    const record = recordOf(kind, node);
    this.#begin(record);
    const events = await this.alone(kind, node, []);
    let isTold = false;
    try {
      await connection.store.commit({ keys: {}, inbound: record, events, told: () => (isTold = true) });
    } catch {
      this.#end(record);
      return false;
    }
    if (!isTold)
      this.#deliver(record.key, record.at, kind, node, []);
    this.#nameGroup(node);
    this.#end(record);
    return true;
  }

  // Baileys would refuse these posts as if they were broken.
  async #ignore(kind: Kind, node: BinaryNode): Promise<boolean> {
    if (kind !== 'message')
      return true;
    await this.connection.sock.sendMessageAck(node).catch(() => {}); // The connection is gone, and with it whoever would hear it.
    return false;
  }

  #begin(stanza: object): void {
    this.#pressure.begin(stanza);
    this.#underWay.begin(stanza, performance.now());
  }

  #end(stanza: object): void {
    this.#pressure.end(stanza);
    this.#underWay.end(stanza);
  }

  #deliver(key: string, at: number, kind: Kind, node: BinaryNode, plaintexts: [string, string][]): void {
    const { delivery, self, names } = this.connection;
    delivery.push(key, at, () => eventsOf({ kind, node, plaintexts }, self, names));
  }

  #nameGroup({ tag, attrs }: BinaryNode): void {
    if (tag === 'message' && attrs.from?.endsWith('@g.us'))
      void this.groups.tellName(attrs.from);
  }

  // The server has written all that it kept for this device; the worker shall hear of it when it has all that became of that.
  async #caughtUp(node: BinaryNode): Promise<void> {
    const at = Date.now();
    const count = Number(getBinaryNodeChild(node, 'offline')?.attrs.count ?? 0);
    await this.#underWay.settled();
    await this.connection.delivery.after();
    if (!this.connection.isOver)
      this.connection.tell('state', { state: 'caught_up', count, at });
  }

  async #contacts(contacts: BaileysEventMap['contacts.upsert']): Promise<void> {
    const { delivery, self, names } = this.connection;
    for (const { id, name } of contacts)
      if (name && !areJidsSameUser(id, self.jid))
        delivery.tell(await named(id, name, names));
  }

  async #typing(node: BinaryNode): Promise<void> {
    const { delivery, self, names } = this.connection;
    const event = await typingOf(node, self, names);
    if (event)
      delivery.mention(event);
  }
}

/** False for a message that Baileys refuses before it looks into it: it is kept like what has no ciphertext. */
function isOpened(node: BinaryNode, self: Self): boolean {
  if (getBinaryNodeChild(node, 'enc')?.attrs.type === 'msmsg')
    return false;
  try {
    decodeMessageNode(node, self.jid, self.lidJid);
    return true;
  } catch {
    return false;
  }
}

/** Status posts and channels are no conversations with anybody. */
export function isIgnored(jid: string): boolean {
  return !!isJidStatusBroadcast(jid) || !!isJidNewsletter(jid);
}
