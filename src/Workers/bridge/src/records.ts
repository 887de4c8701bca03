import { createHash } from 'node:crypto';
import { decodeBinaryNode, encodeBinaryNode, type BinaryNode } from 'baileys';

export type Kind = 'message' | 'receipt' | 'notification' | 'call';

/** A stanza as the worker keeps it until it has become rows. */
export interface StanzaRecord {
  key: string;
  kind: Kind;
  /** The stanza in WhatsApp's binary encoding, base64. */
  node: string;
  /** Hash of each ciphertext with what it said, base64; empty when it could not be decrypted. */
  plaintexts: [string, string][];
  offline: boolean;
  /** When it was kept, UTC milliseconds; a later commit of the same key has a later one. */
  at: number;
}

let latest = 0;

export function recordOf(kind: Kind, node: BinaryNode, plaintexts: [string, string][] = []): StanzaRecord {
  return {
    key: keyOf(kind, node),
    kind,
    node: Buffer.from(encodeBinaryNode(node)).toString('base64'),
    plaintexts,
    offline: !!node.attrs.offline,
    at: (latest = Math.max(Date.now(), latest + 1)),
  };
}

export function nodeOf(record: StanzaRecord): Promise<BinaryNode> {
  return decodeBinaryNode(Buffer.from(record.node, 'base64'));
}

export function hashOf(ciphertext: Uint8Array): string {
  return createHash('sha256').update(ciphertext).digest('hex').slice(0, 32);
}

/** Names a stanza for as long as the server may repeat it. Several receipts of one message differ in their type. */
export function keyOf(kind: Kind, { attrs }: BinaryNode): string {
  const parts = [kind, attrs.id, attrs.from, attrs.participant ?? ''];
  if (kind === 'receipt')
    parts.push(attrs.type ?? '');
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
