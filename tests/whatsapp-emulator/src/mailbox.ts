import { now } from './clock.ts';
import { parse } from './jids.ts';
import type { Node } from './nodes.ts';
import type { Stats, StanzaRecord } from './stats.ts';

/** A stanza that its device has not settled yet. */
export interface Pending {
  readonly node: Node;
  readonly record: StanzaRecord;
}

/** Keeps every stanza for one device, in order, until the device acknowledges it. */
export class Mailbox {
  readonly #stats: Stats;
  readonly #account: string;
  readonly #device: number;
  readonly #pending = new Map<string, Pending[]>();
  readonly #order = new Set<Pending>();
  readonly #expectedNacks = new Set<string>();

  constructor(stats: Stats, account: string, device: number) {
    this.#stats = stats;
    this.#account = account;
    this.#device = device;
  }

  get size(): number {
    return this.#order.size;
  }

  *[Symbol.iterator](): Iterator<Pending> {
    yield* this.#order;
  }

  add(node: Node): Pending {
    const record: StanzaRecord = {
      id: node.attrs['id'] ?? '',
      class: node.tag,
      type: node.attrs['type'],
      account: this.#account,
      device: this.#device,
      from: node.attrs['from'] ?? '',
      queuedAt: now(),
      deliveries: 0,
      state: 'queued',
    };
    const pending = { node, record };
    const slot = `${record.class} ${record.id}`;
    const same = this.#pending.get(slot);
    if (same) same.push(pending);
    else this.#pending.set(slot, [pending]);
    this.#order.add(pending);
    this.#stats.keep(record);
    return pending;
  }

  written(pending: Pending): void {
    const { record } = pending;
    record.deliveries += 1;
    record.sentAt ??= now();
    record.state = 'sent';
    this.#stats.count(`${record.class}sToDevices`);
    if (record.deliveries > 1) this.#stats.count('redeliveries');
  }

  /** A receipt of the device for a message: all types settle it, also `retry`. */
  receipt(id: string, type: string | undefined): StanzaRecord | undefined {
    const found = this.#take('message', id, () => true);
    if (type === 'retry') this.#expectedNacks.add(id);
    if (found) this.#settle(found, type === 'retry' ? 'retry' : 'receipt');
    return found?.record;
  }

  /** An `<ack>` of the device. The NACK that follows a retry request belongs to the first copy, not to the second. */
  ack(node: Node): StanzaRecord | undefined {
    const { class: kind = '', id = '', error, to = '', participant, type } = node.attrs;
    if (error !== undefined) {
      this.#stats.count('nacks');
      if (kind === 'message' && this.#expectedNacks.delete(id)) return undefined;
    }
    const found =
      kind === 'message'
        ? this.#take(kind, id, () => true)
        : this.#take(kind, id, ({ node: { attrs } }) =>
            attrs['type'] === type && attrs['participant'] === participant && sameUser(attrs['from'] ?? '', to));
    if (found) {
      if (error !== undefined) found.record.error = error;
      this.#settle(found, error === undefined ? 'acknowledged' : 'nack');
    }
    return found?.record;
  }

  clear(): void {
    this.#pending.clear();
    this.#order.clear();
  }

  #take(kind: string, id: string, fits: (pending: Pending) => boolean): Pending | undefined {
    const slot = `${kind} ${id}`;
    const same = this.#pending.get(slot) ?? [];
    const at = same.findIndex(fits);
    if (at < 0) return undefined;
    const [found] = same.splice(at, 1);
    if (same.length === 0) this.#pending.delete(slot);
    if (found) this.#order.delete(found);
    return found;
  }

  #settle(pending: Pending, state: StanzaRecord['state']): void {
    pending.record.state = state;
    pending.record.settledAt = now();
    this.#stats.count(`settledBy${state[0]!.toUpperCase()}${state.slice(1)}`);
  }
}

function sameUser(one: string, other: string): boolean {
  const a = parse(one);
  const b = parse(other);
  return a.user === b.user && a.device === b.device;
}
