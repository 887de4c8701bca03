import { inflateSync } from 'node:zlib';
import { decodeDecompressedBinaryNode } from 'baileys/lib/WABinary/decode.js';
import { encodeBinaryNode } from 'baileys/lib/WABinary/encode.js';
import * as dictionary from 'baileys/lib/WABinary/constants.js';

/** One stanza, or a part of one. */
export interface Node {
  tag: string;
  attrs: Record<string, string>;
  content?: Node[] | string | Uint8Array;
}

const COMPRESSED = 2;

export function decode(bytes: Buffer): Node {
  const body = bytes.subarray(1);
  return decodeDecompressedBinaryNode((bytes[0]! & COMPRESSED) !== 0 ? inflateSync(body) : body, dictionary) as Node;
}

export function encode(node: Node): Buffer {
  return encodeBinaryNode(node as Parameters<typeof encodeBinaryNode>[0]);
}

/** Builds a node; attributes that are undefined are left out. */
export function node(
  tag: string,
  attrs: Record<string, string | number | undefined> = {},
  content?: Node['content'],
): Node {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined) kept[name] = String(value);
  }
  return content === undefined ? { tag, attrs: kept } : { tag, attrs: kept, content };
}

export function children(parent: Node | undefined, tag?: string): Node[] {
  if (!parent || !Array.isArray(parent.content)) return [];
  return tag === undefined ? parent.content : parent.content.filter(each => each.tag === tag);
}

export function child(parent: Node | undefined, tag: string): Node | undefined {
  return children(parent, tag)[0];
}

export function bytesOf(parent: Node | undefined, tag?: string): Buffer | undefined {
  const content = tag === undefined ? parent?.content : child(parent, tag)?.content;
  if (content === undefined || Array.isArray(content)) return undefined;
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
}

export function uint(bytes: Uint8Array | undefined): number {
  let out = 0;
  for (const byte of bytes ?? []) out = out * 256 + byte;
  return out;
}

export function bigEndian(value: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  out.writeUIntBE(value, 0, length);
  return out;
}
