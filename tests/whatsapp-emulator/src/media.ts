import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.ts';
import type { MediaReference } from './content.ts';
import type { Emulator } from './emulator.ts';
import { node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

export function mediaHosts(emulator: Emulator, connection: Connection, request: Node): void {
  connection.reply(request, [
    node('media_conn', { auth: 'emulated', ttl: 3600, auth_ttl: 3600, max_buckets: 12 }, [
      node('host', { hostname: `127.0.0.1:${emulator.port}`, maxContentLengthBytes: 104857600 }),
    ]),
  ]);
}

export function fetchMedia(_: Emulator, _phone: Phone, _id: string, _reference: MediaReference): void {}

export class Media {
  handles(path: string): boolean {
    return path.startsWith('/mms/');
  }

  async serve(_: IncomingMessage, response: ServerResponse, _url: URL): Promise<void> {
    response.writeHead(404).end();
  }
}
