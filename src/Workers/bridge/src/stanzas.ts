import type { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';
import { statusOf } from './decode.ts';
import type { Kind } from './records.ts';

type Listener = (node: BinaryNode) => unknown;

/**
 * Baileys acknowledges receipts, notifications and calls whatever happens to them. These listeners stand before its own:
 * they keep the stanza first, and when that fails nothing is acknowledged.
 */
export function keepFirst(
  ws: EventEmitter, kinds: Kind[], keep: (kind: Kind, node: BinaryNode) => Promise<boolean>, handling: (work: () => unknown) => unknown): void {
  for (const kind of kinds) {
    const name = `CB:${kind}`;
    const originals = ws.listeners(name) as Listener[];
    ws.removeAllListeners(name);
    ws.on(name, async (node: BinaryNode) => {
      if (await keep(kind, node))
        for (const original of originals)
          handling(() => original.call(ws, node));
    });
  }
}

/** Whether a stanza can become anything that is shown; what only devices care about needs no row. */
export function isWorthKeeping(kind: Kind, node: BinaryNode): boolean {
  return kind !== 'receipt' || statusOf(node) !== undefined;
}
