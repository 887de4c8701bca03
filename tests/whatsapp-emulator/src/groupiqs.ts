import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import type { Node } from './nodes.ts';

export function answerGroup(_: Emulator, connection: Connection, request: Node): void {
  connection.refuse(request, 404, 'item-not-found');
}
