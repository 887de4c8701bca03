import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ServerCertificate } from './authority.ts';
import type { Emulator } from './emulator.ts';

const TLS_HANDSHAKE = 0x16;
/** Long, so that no test meets a connection that closes while it is used again. */
const KEEP_ALIVE_MS = 600_000;
const SOCKET_PATH = '/ws/chat';

/** One port on loopback for ws, wss, https media and the control API: the first byte tells TLS from plain. */
export async function listen(emulator: Emulator, port: number, certificate: ServerCertificate, requests: RequestListener): Promise<Server> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!emulator.reachable) {
      socket.destroy();
    } else if (!request.url?.startsWith(SOCKET_PATH)) {
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    } else {
      (socket as Socket).setNoDelay?.(true);
      sockets.handleUpgrade(request, socket, head, client => emulator.connect(client, socket));
    }
  };
  const plain = createHttp(requests).on('upgrade', upgrade);
  const secure = createHttps({ cert: certificate.cert, key: certificate.key }, requests).on('upgrade', upgrade);
  for (const each of [plain, secure]) each.keepAliveTimeout = KEEP_ALIVE_MS;
  const server = createTcp(socket => {
    socket.on('error', () => socket.destroy());
    socket.once('data', first => {
      socket.pause();
      socket.unshift(first);
      const target = (first as Buffer)[0] === TLS_HANDSHAKE ? secure : plain;
      target.emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  emulator.port = (server.address() as { port: number }).port;
  return server;
}
