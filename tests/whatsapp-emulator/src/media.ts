import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.ts';
import type { MediaKind, MediaReference } from './content.ts';
import { readBody } from './control/routes.ts';
import type { Emulator } from './emulator.ts';
import { hmac } from './signal/ratchet.ts';
import { node, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

const MAC = 10;
const PREFIX = '/mms/';
const INFO: Record<MediaKind, string> = { image: 'Image', sticker: 'Image', video: 'Video', audio: 'Audio', document: 'Document' };

/** A file as it lies on the media host: nobody but the two ends can read it. */
export interface SealedMedia {
  readonly sealed: Buffer;
  readonly mediaKey: Buffer;
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
}

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

function keysOf(mediaKey: Uint8Array, kind: MediaKind) {
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(32), `WhatsApp ${INFO[kind]} Keys`, 112));
  return { iv: keys.subarray(0, 16), cipher: keys.subarray(16, 48), mac: keys.subarray(48, 80) };
}

export function seal(content: Buffer, kind: MediaKind): SealedMedia {
  const mediaKey = randomBytes(32);
  const keys = keysOf(mediaKey, kind);
  const cipher = createCipheriv('aes-256-cbc', keys.cipher, keys.iv);
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  const sealed = Buffer.concat([body, hmac(keys.mac, Buffer.concat([keys.iv, body])).subarray(0, MAC)]);
  return { sealed, mediaKey, fileSha256: sha256(content), fileEncSha256: sha256(sealed) };
}

/** Opens a file and checks everything that can be checked. */
export function unseal(sealed: Buffer, reference: MediaReference): Buffer {
  if (!sha256(sealed).equals(Buffer.from(reference.fileEncSha256))) throw new Error('the hash of the sealed file is wrong');
  const keys = keysOf(reference.mediaKey, reference.kind);
  const body = sealed.subarray(0, -MAC);
  const mac = hmac(keys.mac, Buffer.concat([keys.iv, body])).subarray(0, MAC);
  if (!timingSafeEqual(mac, sealed.subarray(-MAC))) throw new Error('the MAC of the file is wrong');
  const decipher = createDecipheriv('aes-256-cbc', keys.cipher, keys.iv);
  const content = Buffer.concat([decipher.update(body), decipher.final()]);
  if (!sha256(content).equals(Buffer.from(reference.fileSha256))) throw new Error('the hash of the file is wrong');
  return content;
}

/** The media host: takes sealed files and gives them back, also in parts. */
export class Media {
  readonly #emulator: Emulator;
  readonly #files = new Map<string, Buffer>();
  failUploads = 0;
  failDownloads = 0;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  handles(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  get host(): string {
    return `127.0.0.1:${this.#emulator.port}`;
  }

  /** Puts a file on the host; returns its path there. */
  put(kind: string, sealed: Buffer): string {
    const path = `${PREFIX}${kind}/${sha256(sealed).toString('base64url')}`;
    this.#files.set(path, sealed);
    return path;
  }

  get(path: string): Buffer | undefined {
    return this.#files.get(path);
  }

  async serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!this.#emulator.reachable) {
      request.socket.destroy();
    } else if (request.method === 'POST') {
      await this.#take(request, response, url.pathname);
    } else {
      this.#give(request, response, url.pathname);
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const content = await readBody(request);
    if (this.failUploads > 0) {
      this.failUploads -= 1;
      this.#emulator.stats.count('uploadsFailed');
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"emulated failure"}');
      return;
    }
    this.#emulator.stats.count('uploads');
    const kind = path.slice(PREFIX.length).split('/')[0] ?? 'document';
    const directPath = this.put(kind, content);
    const answer = JSON.stringify({ url: `https://${this.host}${directPath}`, direct_path: directPath });
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  }

  #give(request: IncomingMessage, response: ServerResponse, path: string): void {
    const file = this.get(path);
    if (!file || this.failDownloads > 0) {
      if (file) this.failDownloads -= 1;
      this.#emulator.stats.count('downloadsFailed');
      response.writeHead(file ? 500 : 404).end();
      return;
    }
    this.#emulator.stats.count('downloads');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (!range) {
      response.writeHead(200, { 'content-length': file.length, 'accept-ranges': 'bytes' }).end(file);
      return;
    }
    const start = Number(range[1]);
    const end = Math.min(range[2] ? Number(range[2]) : file.length - 1, file.length - 1);
    if (start > end) {
      response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
      return;
    }
    const part = file.subarray(start, end + 1);
    response.writeHead(206, { 'content-length': part.length, 'content-range': `bytes ${start}-${end}/${file.length}` }).end(part);
  }
}

/** The host that devices are told to use; Baileys puts `https://` before it. */
export function mediaHosts(emulator: Emulator, connection: Connection, request: Node): void {
  connection.reply(request, [
    node('media_conn', { auth: 'emulated', ttl: 3600, auth_ttl: 3600, max_buckets: 12 }, [
      node('host', { hostname: emulator.media.host, maxContentLengthBytes: 104857600 }),
    ]),
  ]);
}

/** A phone downloads what it was sent. */
export function fetchMedia(emulator: Emulator, phone: Phone, id: string, reference: MediaReference): void {
  const entry = phone.log.get(id);
  try {
    const sealed = emulator.media.get(new URL(reference.url).pathname);
    if (!sealed) throw new Error('the file is not on the media host');
    phone.log.media.set(id, unseal(sealed, reference));
    if (entry?.media) entry.media.verified = true;
  } catch (error) {
    emulator.stats.problem(`phone ${phone.pn} can't open the media of ${id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
