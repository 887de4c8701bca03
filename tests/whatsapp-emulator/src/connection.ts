import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Companion } from './companions.ts';
import type { Emulator } from './emulator.ts';
import { now } from './clock.ts';
import { frame, FrameReader } from './frames.ts';
import { SERVER } from './jids.ts';
import type { Pending } from './mailbox.ts';
import { decode, encode, node, type Node } from './nodes.ts';
import { Handshake, type Transport } from './noise.ts';

const LOW_ON_PRE_KEYS = 5;

let lastConnection = 0;

/** One client on the wire: handshake, then stanzas in both directions. */
export class Connection {
  readonly number = ++lastConnection;
  readonly #emulator: Emulator;
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  #corked = false;
  readonly #reader = new FrameReader();
  #handshake: Handshake | undefined;
  #transport: Transport | undefined;
  #closed = false;
  #offline: Pending[] | undefined;
  #lowNotice = false;
  #stanza = 0;
  /** what a pairing client proved; undefined once it logs in */
  clientStatic: Buffer = Buffer.alloc(0);
  companion: Companion | undefined;
  active = false;
  frozen = false;

  constructor(emulator: Emulator, socket: WebSocket, wire: Duplex) {
    this.#emulator = emulator;
    this.#socket = socket;
    this.#wire = wire;
    socket.on('message', (data: RawData) => this.#received(data as Buffer));
    socket.on('close', () => this.#gone());
    socket.on('error', () => this.#gone());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A stanza id of the server's own. */
  nextId(): string {
    return `${this.number}.${++this.#stanza}`;
  }

  send(stanza: Node): void {
    if (this.#closed || this.frozen || !this.#transport) return;
    this.#put(frame(this.#transport.seal(encode(stanza))));
  }

  reply(request: Node, content?: Node[], attrs: Record<string, string> = {}): void {
    const to = { id: request.attrs['id'], from: request.attrs['to'] || SERVER };
    this.send(node('iq', { ...to, type: 'result', ...attrs }, content));
  }

  refuse(request: Node, code: number, text: string): void {
    const to = { id: request.attrs['id'], from: request.attrs['to'] || SERVER };
    this.send(node('iq', { ...to, type: 'error' }, [node('error', { code, text })]));
  }

  /** Writes a stanza of the mailbox, unless what waited from before is not through yet. */
  write(pending: Pending): void {
    if (!this.active) return;
    this.#writeOne(pending.node, pending);
  }

  /** Starts delivery: what waited first, announced and marked as such, then everything as it comes. */
  activate(): void {
    const { companion } = this;
    if (!companion || this.active || this.#offline) return;
    const waiting = [...companion.mailbox];
    if (waiting.length === 0) {
      this.#live(0);
      return;
    }
    this.#offline = waiting;
    const of = (kind: string) => waiting.filter(each => each.record.class === kind).length;
    this.send(node('ib', { from: SERVER }, [
      node('offline_preview', {
        count: waiting.length,
        message: of('message'),
        receipt: of('receipt'),
        notification: of('notification'),
        appdata: 0,
        call: of('call'),
      }),
    ]));
  }

  /** The client is ready for what waited: all of it, also what came since the preview. */
  sendOffline(): void {
    if (!this.#offline || !this.companion) return;
    const waiting = [...this.companion.mailbox];
    waiting.forEach((pending, at) => {
      const marked = { ...pending.node, attrs: { ...pending.node.attrs, offline: String(at + 1) } };
      this.#writeOne(marked, pending);
    });
    this.#offline = undefined;
    this.#live(waiting.length);
  }

  preKeysLeft(count: number): void {
    if (count >= LOW_ON_PRE_KEYS || this.#lowNotice || !this.companion) return;
    this.#lowNotice = true;
    this.companion.deliver(node('notification', { from: SERVER, type: 'encrypt', id: this.nextId(), t: Math.floor(now() / 1000) }, [
      node('count', { value: count }),
    ]));
  }

  preKeysFilled(): void {
    this.#lowNotice = false;
  }

  /** Says why, then closes. */
  end(last: Node): void {
    this.send(last);
    this.close();
  }

  /** Nothing of this reaches a client whose connection is frozen. */
  close(): void {
    this.#gone();
    if (!this.frozen) this.#socket.close();
  }

  /** The cable is pulled: no close frame. */
  abort(): void {
    this.#gone();
    this.#socket.terminate();
  }

  /** Takes and gives nothing more, and keeps the TCP connection. */
  freeze(): void {
    this.frozen = true;
    this.#socket.pause();
  }

  /** All that is written in one turn of the event loop goes out in one system call. */
  #put(bytes: Buffer): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#wire.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#wire.uncork();
      });
    }
    this.#socket.send(bytes);
  }

  #live(count: number): void {
    this.send(node('ib', { from: SERVER }, [node('offline', { count })]));
    this.active = true;
    this.#emulator.opened(this);
  }

  #writeOne(stanza: Node, pending: Pending): void {
    if (this.frozen || this.#closed) return;
    this.companion?.mailbox.written(pending);
    this.send(stanza);
  }

  #received(data: Buffer): void {
    if (this.#closed || this.frozen) return;
    const receivedAt = now();
    try {
      for (const each of this.#reader.push(data)) this.#frame(each, receivedAt);
    } catch (error) {
      this.#emulator.stats.problem(`connection ${this.number}: ${error instanceof Error ? error.message : String(error)}`);
      this.abort();
    }
  }

  #frame(bytes: Buffer, receivedAt: number): void {
    if (this.#transport) {
      if (this.#closed) return;
      this.#emulator.received(this, decode(this.#transport.open(bytes)), receivedAt);
    } else if (!this.#handshake) {
      this.#handshake = this.#emulator.newHandshake();
      this.#put(frame(this.#handshake.hello(bytes)));
    } else {
      const { transport, clientStatic, payload } = this.#handshake.finish(bytes);
      this.#transport = transport;
      this.clientStatic = clientStatic;
      this.#emulator.shookHands(this, payload);
    }
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.active = false;
    this.#emulator.closed(this);
  }
}
