import { createHash } from 'node:crypto';
import { decodeBinaryNode, encodeBinaryNode, getBinaryNodeChild, type BinaryNode } from 'baileys';

export type Kind = 'message' | 'receipt' | 'notification' | 'call';

/** A stanza as the worker keeps it until it has become rows. */
export interface StanzaRecord {
  key: string;
  kind: Kind;
  /** The stanza in WhatsApp's binary encoding, base64. */
  node: string;
  /** Hash of each ciphertext with what it said, base64; or the mark of one that could not be decrypted, with nothing. */
  plaintexts: [string, string][];
  offline: boolean;
  /** When it was kept, UTC milliseconds. */
  at: number;
}

export function recordOf(kind: Kind, node: BinaryNode, plaintexts: [string, string][] = [], at = Date.now()): StanzaRecord {
  return {
    key: keyOf(kind, node),
    kind,
    node: Buffer.from(encodeBinaryNode(node)).toString('base64'),
    plaintexts,
    offline: !!node.attrs.offline,
    at,
  };
}

export function nodeOf(record: StanzaRecord): Promise<BinaryNode> {
  return decodeBinaryNode(Buffer.from(record.node, 'base64'));
}

const hashes = new WeakMap<Uint8Array, string>();

/** The name of a ciphertext. It is asked for when it is opened, when it is read again and when it becomes events: counted once. */
export function hashOf(ciphertext: Uint8Array): string {
  let hash = hashes.get(ciphertext);
  if (hash === undefined)
    hashes.set(ciphertext, hash = createHash('sha256').update(ciphertext).digest('hex').slice(0, 32));
  return hash;
}

/** Stands for a ciphertext that could not be decrypted. Not its hash: perhaps it can be when the server repeats it. */
export function failureOf(hash: string): string {
  return hashOf(Buffer.from(`failed ${hash}`));
}

/**
 * Names a stanza for as long as the server may repeat it. Several receipts of one message differ in their type, and a message
 * that its sender encrypted again, because it could not be decrypted, in its count.
 */
export function keyOf(kind: Kind, node: BinaryNode): string {
  const { id, from, participant = '', type = '' } = node.attrs;
  const parts = [kind, id, from, participant];
  if (kind === 'receipt')
    parts.push(type);
  const count = kind === 'message' ? getBinaryNodeChild(node, 'enc')?.attrs.count : undefined;
  if (count)
    parts.push(count);
  return parts.join('/');
}

const encrypted = new Set(['pkmsg', 'msg', 'skmsg']);

/** The ciphertexts of a message that Signal opens. */
export function ciphertextsOf(node: BinaryNode): Uint8Array[] {
  if (!Array.isArray(node.content))
    return [];
  return node.content
    .filter(child => child.tag === 'enc' && encrypted.has(child.attrs.type ?? '') && child.content instanceof Uint8Array)
    .map(child => child.content as Uint8Array);
}
