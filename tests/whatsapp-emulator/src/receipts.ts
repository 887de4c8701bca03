import { now, seconds } from './clock.ts';
import type { Companion } from './companions.ts';
import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { isGroup, isLid, type Addressing } from './jids.ts';
import { child, children, node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';
import { writeAgain } from './writing.ts';

/** `<ack>` of a client: what it settles is forgotten. */
export function acknowledged(emulator: Emulator, connection: Connection, stanza: Node): void {
  emulator.stats.count('acksFromClients');
  connection.companion?.mailbox.ack(stanza);
}

/** `<receipt>` of a client: settles its messages, is acknowledged and goes on to the author. */
export function fromClient(emulator: Emulator, connection: Connection, stanza: Node, receivedAt: number): void {
  const { companion } = connection;
  if (!companion) return;
  const faults = emulator.faultsOf(companion.phone.pn);
  if (faults.cutOnReceipts !== undefined && faults.cutOnReceipts > 0) {
    faults.cutOnReceipts -= 1;
    emulator.stats.count('receiptsSwallowed');
    connection.abort();
    return;
  }
  const { id = '', to = '', type, participant, recipient } = stanza.attrs;
  const ids = [id, ...children(child(stanza, 'list'), 'item').map(item => item.attrs['id'] ?? '')];
  emulator.stats.count('receiptsFromClients');
  if (type === 'retry') emulator.stats.count('retryRequests');
  for (const each of ids) {
    companion.mailbox.receipt(each, type);
  }
  connection.send(node('ack', { class: 'receipt', id, from: to, type, participant }));
  const group = isGroup(to);
  const author = group ? participant : to;
  const target = author ? emulator.world.target(author) : undefined;
  if (!target) return;
  const chat = group ? to : companion.phone.pn;
  for (const each of ids) {
    target.phone.log.addReceipt({
      id: each,
      type: type ?? 'delivered',
      from: companion.phone.pn,
      device: companion.device,
      chat,
      at: Number(stanza.attrs['t'] ?? seconds()) * 1000,
      receivedAt,
    });
  }
  if (type === 'retry' && !target.companion) {
    writeAgain(emulator, target.phone, companion, id, stanza);
    return;
  }
  const addressing: Addressing = isLid(author!) ? 'lid' : 'pn';
  const from = group ? { from: to, participant: companion.jid(addressing) } : { from: companion.jid(addressing) };
  const forwarded = node('receipt', { ...from, id, type, t: stanza.attrs['t'] ?? seconds(), recipient }, stanza.content);
  const readers = target.companion ? [target.companion] : [...target.phone.companions.values()];
  if (type === 'hist_sync' || type === 'peer_msg' || type === 'sender') return;
  for (const reader of readers) if (reader !== companion) reader.deliver(forwarded);
  if (type === 'read' || type === 'read-self') tellOwnDevices(companion, stanza, to);
}

/** Other devices of the reader learn that the chat was read. */
function tellOwnDevices(reader: Companion, stanza: Node, chat: string): void {
  for (const other of reader.phone.companions.values()) {
    if (other === reader) continue;
    other.deliver(
      node('receipt', { from: reader.jid('pn'), recipient: chat, id: stanza.attrs['id'], type: 'read-self', t: seconds() }, stanza.content),
    );
  }
}

export interface ReceiptOf {
  /** group jid, or undefined in a chat of two */
  group?: string | undefined;
  addressing: Addressing;
  ids: readonly string[];
  /** delivered, read, played, … */
  type: string;
}

/** A phone sends a receipt to all devices of an account. */
export function fromPhone(reader: Phone, account: Phone, receipt: ReceiptOf): void {
  const [id, ...more] = receipt.ids;
  const from = reader.jid(receipt.addressing);
  const attrs = receipt.group === undefined ? { from } : { from: receipt.group, participant: from };
  const content = more.length > 0 ? [node('list', {}, more.map(each => node('item', { id: each })))] : undefined;
  const type = receipt.type === 'delivered' ? undefined : receipt.type;
  for (const companion of account.companions.values()) {
    companion.deliver(node('receipt', { ...attrs, id, type, t: seconds() }, content));
  }
}

/** The owner of an account reads on the phone: the author hears of it, and so do the linked devices. */
export function readOnPhone(reader: Phone, author: Phone, ids: readonly string[]): void {
  const [id, ...more] = ids;
  if (id === undefined) return;
  const receivedAt = now();
  for (const each of ids) {
    author.log.addReceipt({ id: each, type: 'read', from: reader.pn, device: 0, chat: reader.pn, at: seconds() * 1000, receivedAt });
  }
  const addressing = reader.log.get(id)?.addressing ?? author.addressing;
  const content = more.length > 0 ? [node('list', {}, more.map(each => node('item', { id: each })))] : undefined;
  for (const companion of reader.companions.values()) {
    const attrs = { from: reader.jid(addressing), recipient: author.jid(addressing), id, type: 'read-self', t: seconds() };
    companion.deliver(node('receipt', attrs, content));
  }
}
