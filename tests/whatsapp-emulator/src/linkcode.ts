import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import type { Node } from './nodes.ts';

export function answerLinkCode(_: Emulator, connection: Connection, request: Node): void {
  connection.refuse(request, 501, 'feature-not-implemented');
}
