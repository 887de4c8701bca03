import { EventEmitter } from 'node:events';
import makeWASocket, {
  initAuthCreds,
  type AuthenticationState,
  type BaileysEventMap,
  type SignalDataSet,
  type SignalKeyStore,
  type UserFacingSocketConfig,
  type WAMessage,
  type WASocket,
} from 'baileys';
import pino from 'pino';
import type { TestEmulator } from './harness.ts';

for (const name of ['log', 'info', 'warn', 'error'] as const) console[name] = () => undefined;

const PATIENCE_MS = 60_000;

/** Keys in memory, as plain as can be. */
export class MemoryAuth implements AuthenticationState {
  readonly creds = initAuthCreds();
  readonly #values = new Map<string, unknown>();
  readonly keys: SignalKeyStore = {
    get: async (type, ids) => Object.fromEntries(ids.flatMap(id => {
      const value = this.#values.get(`${type} ${id}`);
      return value === undefined ? [] : [[id, value]];
    })) as never,
    set: async (data: SignalDataSet) => {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries ?? {})) {
          if (value === null || value === undefined) this.#values.delete(`${type} ${id}`);
          else this.#values.set(`${type} ${id}`, value);
        }
      }
    },
  };

  ids(type: string): string[] {
    return [...this.#values.keys()].filter(each => each.startsWith(`${type} `)).map(each => each.slice(type.length + 1));
  }
}

/** A plain, unmodified Baileys socket, its events kept so that a test can wait for one that came already. */
export class Client {
  readonly emulator: TestEmulator;
  readonly auth: MemoryAuth;
  readonly config: Partial<UserFacingSocketConfig>;
  readonly seen: { name: string; value: any }[] = [];
  readonly #bell = new EventEmitter().setMaxListeners(0);
  socket!: WASocket;

  constructor(emulator: TestEmulator, config: Partial<UserFacingSocketConfig> = {}, auth = new MemoryAuth()) {
    this.emulator = emulator;
    this.config = config;
    this.auth = auth;
  }

  connect(): this {
    const socket = makeWASocket({
      auth: this.auth,
      waWebSocketUrl: this.emulator.ready.url,
      logger: pino({ level: process.env['BAILEYS_LOG'] ?? 'silent' }, pino.destination(2)),
      ...this.config,
    });
    this.socket = socket;
    socket.ev.on('creds.update', update => Object.assign(this.auth.creds, update));
    socket.ev.process(events => {
      for (const [name, value] of Object.entries(events)) this.#note(name, value);
    });
    socket.ws.on('CB:ack,class:message', node => this.#note('ack', node));
    return this;
  }

  /** Pairs this socket with the phone `pn`, and comes back logged in. */
  async pair(pn: string, name = 'Test account'): Promise<this> {
    this.connect();
    const { qr } = await this.until('connection.update', update => update.qr);
    await this.emulator.call('POST', `/admin/mock-phone/scan-qr?phone=${pn}&name=${encodeURIComponent(name)}`, qr!);
    await this.closed();
    return this.open();
  }

  async open(): Promise<this> {
    const from = this.seen.length;
    this.connect();
    await this.until('connection.update', update => update.connection === 'open', from);
    return this;
  }

  /** The close code of the connection. */
  async closed(from = 0): Promise<number> {
    const update = await this.until('connection.update', each => each.connection === 'close', from);
    return (update.lastDisconnect?.error as any)?.output?.statusCode;
  }

  async end(): Promise<void> {
    await this.socket?.end(undefined);
  }

  /** The first event, past or to come, that fits. */
  async until<T extends keyof BaileysEventMap | 'ack'>(
    name: T,
    fits: (value: T extends keyof BaileysEventMap ? BaileysEventMap[T] : any) => unknown = () => true,
    from = 0,
  ): Promise<T extends keyof BaileysEventMap ? BaileysEventMap[T] : any> {
    return this.#first(name, each => each.name === name && fits(each.value), from);
  }

  /** A status of an own message, or a later one: Baileys merges updates, also into the event of the message itself. */
  async status(id: string, status: number, from = 0): Promise<void> {
    const reached = (value: any) => typeof value === 'number' && (status === 0 ? value === 0 : value >= status);
    await this.#first(
      `status ${status} of ${id}`,
      ({ name, value }) =>
        (name === 'messages.update' && value.some((each: any) => each.key.id === id && reached(each.update.status))) ||
        (name === 'messages.upsert' && value.messages.some((each: any) => each.key.id === id && reached(each.status))),
      from,
    );
  }

  #first(what: string, fits: (event: { name: string; value: any }) => unknown, from: number): Promise<any> {
    let at = from;
    const look = () => {
      for (; at < this.seen.length; at += 1) if (fits(this.seen[at]!)) return this.seen[at];
      return undefined;
    };
    const already = look();
    if (already) return Promise.resolve(already.value);
    return new Promise((resolve, reject) => {
      const ring = () => {
        const found = look();
        if (!found) return;
        clearTimeout(timer);
        this.#bell.off('event', ring);
        resolve(found.value);
      };
      const timer = setTimeout(() => {
        this.#bell.off('event', ring);
        reject(new Error(`no ${what} came that fits; events: ${this.seen.slice(from).map(each => each.name).join(', ')}`));
      }, PATIENCE_MS);
      this.#bell.on('event', ring);
    });
  }

  /** The message with this id, once it was decrypted. */
  async message(id: string, from = 0): Promise<WAMessage> {
    const read = (each: WAMessage) => each.key.id === id && each.message && !each.messageStubType;
    const { messages } = await this.until('messages.upsert', update => update.messages.some(read), from);
    return messages.find(read)!;
  }

  messages(): WAMessage[] {
    return this.seen.filter(each => each.name === 'messages.upsert').flatMap(each => each.value.messages);
  }

  #note(name: string, value: unknown): void {
    this.seen.push({ name, value });
    this.#bell.emit('event');
  }
}

export const textOf = (message: WAMessage): string | null | undefined =>
  message.message?.conversation ?? message.message?.extendedTextMessage?.text;

export const jidOf = (pn: string) => `${pn}@s.whatsapp.net`;
