import {
  areJidsSameUser, getBinaryNodeChild, isJidNewsletter, isJidStatusBroadcast, jidDecode, makeWASocket, S_WHATSAPP_NET,
  type AuthenticationCreds, type BaileysEventMap, type BinaryNode, type ConnectionState, type GroupMetadata, type UserFacingSocketConfig, type WASocket,
} from 'baileys';
import { times, TimedCache } from './caches.ts';
import type { Configuration } from './configuration.ts';
import { eventsOf, named, typingOf } from './decode.ts';
import type { Delivery } from './delivery.ts';
import { Devices } from './devices.ts';
import { Refusal } from './frames.ts';
import { credsText, KeyStore, type Ask } from './keys.ts';
import { baileysLogger } from './loggers.ts';
import { log, masked, reasonOf } from './logs.ts';
import { Notices } from './notices.ts';
import { outgoingOf, send } from './outgoing.ts';
import { otherNames, plainJid, Self, type OtherName } from './people.ts';
import { Pressure } from './pressure.ts';
import { keyOf, recordOf, type Kind } from './records.ts';
import { Inbound, type Arrival } from './repository.ts';
import { isWorthKeeping, keepFirst } from './stanzas.ts';
import { Transactions } from './transactions.ts';
import { Turns } from './turns.ts';
import { UnderWay } from './underway.ts';
import { Wire, type RawSocket } from './wire.ts';

/** Why a connection ends, where Baileys does not know it. */
interface Fate {
  code: number | 'lease' | 'stopped';
  reason: string;
}

const firstQrMs = 60_000;
const nextQrMs = 20_000;
const pairingReadyMs = 20_000;
const goodbyeMs = 2000;
const connectionClosed = 428;
const loggedOut = 401;
const settlingMs = 30_000;
const phoneQuietMs = 24 * 60 * 60_000;

// Whatever else Baileys announces nobody here listens to; without it, it is not gathered, merged and held for seconds.
const heard = new Set<keyof BaileysEventMap>(['connection.update', 'creds.update', 'lid-mapping.update', 'contacts.upsert', 'message-capping.update']);

/** One socket of one account, from its start to its end. */
export class Connection {
  readonly closed: Promise<void>;
  readonly #sock: WASocket;
  readonly #store: KeyStore;
  readonly #transactions: Transactions;
  readonly #inbound: Inbound;
  readonly #wire: Wire;
  readonly #pressure: Pressure;
  readonly #underWay = new UnderWay();
  readonly #turns = new Turns();
  readonly #notices: Notices;
  readonly #find: OtherName;
  readonly #named = new Set<string>();
  readonly #groups = new TimedCache(times.groups);
  #closed!: () => void;
  #self: Self;
  #fate: Fate | undefined;
  #over = false;
  #open = false;
  #quiet = false;
  #persistent: boolean;
  #credsWaiting = false;
  #available = false;
  #qrs = 0;
  #pairing: { promise: Promise<void>; ready: () => void };

  constructor(
    private readonly account: number,
    private readonly creds: AuthenticationCreds,
    private readonly config: Configuration,
    private readonly ask: Ask,
    private readonly delivery: Delivery,
    private readonly mayAct: () => boolean,
  ) {
    this.closed = new Promise(resolve => (this.#closed = resolve));
    let ready!: () => void;
    this.#pairing = { promise: new Promise(resolve => (ready = resolve)), ready: () => ready() };
    // Before the phone has accepted us, what a pairing leaves behind must not look like a login to the next start.
    this.#persistent = !!creds.account;
    this.#self = new Self(creds);
    this.#store = new KeyStore(ask, () => creds, error => this.#lost(error));
    this.#transactions = new Transactions(this.#store);
    this.#find = otherNames(this.#store);
    this.#notices = new Notices(notice => this.#state(notice), () => this.#self, config.phoneQuietMs ?? phoneQuietMs);
    this.#inbound = new Inbound(creds, this.#store, this.#transactions, arrival => this.#arrived(arrival), () => this.#over);
    this.#sock = makeWASocket(this.#baileysConfig());
    const { socket } = this.#sock.ws as unknown as { socket: RawSocket };
    this.#wire = new Wire(socket, this.#transactions, () => this.#mayGoOn());
    this.#pressure = new Pressure(socket, () => delivery.waiting);
    this.#listen();
  }

  get isOpen(): boolean {
    return this.#open && !this.#over;
  }

  /** Who the account is; empty before it is linked. */
  get self(): Self {
    return this.#self;
  }

  /** The worker took events: perhaps there is room again. */
  relieved(): void {
    this.#pressure.relieve();
  }

  get names(): OtherName {
    return this.#find;
  }

  /** Ends it at once; nothing more is written, and the server keeps what was not acknowledged. */
  cut(fate: Fate): void {
    if (this.#over)
      return;
    this.#over = true;
    this.#fate ??= fate;
    this.#wire.cut();
    void this.#store.close();
    void this.#sock.end(undefined);
  }

  /** Ends it without a word, for another that takes its place as soon as nothing of this one is being written. */
  async replace(): Promise<void> {
    this.#quiet = true;
    this.cut({ code: 'stopped', reason: 'The account was started anew.' });
    await this.#store.close();
  }

  async stop(logout: boolean): Promise<void> {
    this.#fate = { code: 'stopped', reason: logout ? 'The account was unlinked.' : 'The account was stopped.' };
    if (logout && this.isOpen)
      await this.#sock.logout();
    else
      void this.#sock.end(undefined);
    // A server that is gone never says goodbye.
    const impatience = setTimeout(() => this.#wire.cut(), goodbyeMs);
    await this.closed;
    clearTimeout(impatience);
  }

  async pairCode(phone: string): Promise<string> {
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Refusal('not_open', 'WhatsApp is not ready for a pairing code yet. Try again in a moment.')), pairingReadyMs).unref());
    await Promise.race([this.#pairing.promise, late]);
    return await this.#sock.requestPairingCode(phone);
  }

  async send(body: Record<string, unknown>): Promise<void> {
    const outgoing = outgoingOf(body);
    this.#mustBeOpen();
    await this.#attempt(() => send(this.#sock, this.#transactions, this.#self, outgoing));
  }

  async read(messages: { chat: string; id: string; participant?: string }[]): Promise<void> {
    this.#mustBeOpen();
    const keys = messages.map(({ chat, id, participant }) => ({ remoteJid: chat, id, participant, fromMe: false }));
    await this.#attempt(() => this.#sock.readMessages(keys));
  }

  async presence(available: boolean): Promise<void> {
    this.#mustBeOpen();
    this.#available = available;
    await this.#attempt(() => this.#sock.sendPresenceUpdate(available ? 'available' : 'unavailable'));
  }

  /** Proves that the socket is answered; resolves with how long that took, in milliseconds. */
  async probe(): Promise<number> {
    this.#mustBeOpen();
    const started = performance.now();
    const answer = await this.#attempt(async () => {
      await this.#sock.sendPresenceUpdate(this.#available ? 'available' : 'unavailable');
      return await this.#sock.query({ tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' }, content: [{ tag: 'ping', attrs: {} }] });
    });
    if (!answer)
      throw new Refusal('timeout', 'WhatsApp did not answer in time.');
    return Math.round(performance.now() - started);
  }

  #baileysConfig(): UserFacingSocketConfig {
    const { config } = this;
    return {
      ...(config.webSocketUrl ? { waWebSocketUrl: config.webSocketUrl } : {}),
      browser: [config.deviceName, 'Chrome', ''],
      logger: baileysLogger(this.account, config.rootPublicKey, () => this.#over),
      auth: { creds: this.creds, keys: { get: this.#transactions.get as never, set: this.#transactions.set as never } },
      makeSignalRepository: this.#inbound.wrap,
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      // All sends of an account wait for one another, so a lookup that nobody answers must not hold them for a minute.
      defaultQueryTimeoutMs: config.queryTimeoutMs,
      qrTimeout: config.qrTimeoutMs,
      // Online means that the phone stops ringing; the worker says when somebody looks.
      markOnlineOnConnect: false,
      emitOwnEvents: false,
      syncFullHistory: false,
      ...(config.history ? {} : { shouldSyncHistoryMessage: () => false }),
      shouldIgnoreJid: isIgnored,
      getMessage: key => this.#store.sent(key.id!),
      cachedGroupMetadata: jid => this.#group(jid),
      userDevicesCache: new Devices(this.#store) as never,
      msgRetryCounterCache: new TimedCache(times.retries),
      placeholderResendCache: new TimedCache(times.retries),
      callOfferCache: new TimedCache(times.calls),
    };
  }

  #listen(): void {
    const { ev, ws, messageRetryManager } = this.#sock;
    const emit = ev.emit.bind(ev);
    ev.emit = (name, data) => heard.has(name) ? emit(name, data) : false;
    ev.on('connection.update', update => this.#updated(update));
    ev.on('creds.update', () => this.#credsChanged());
    ev.on('contacts.upsert', contacts => void this.#contacts(contacts));
    ev.on('message-capping.update', info => this.#notices.capped(info));
    // Retries are answered from the database: copies of every message in memory would serve nothing.
    if (messageRetryManager)
      Object.assign(messageRetryManager, { addRecentMessage: () => {}, getRecentMessage: () => undefined });

    const taken = ws.listeners('message');
    ws.removeAllListeners('message');
    ws.on('message', (data: Buffer) => {
      if (this.#mayGoOn())
        for (const take of taken)
          take.call(ws, data);
    });
    keepFirst(ws, ['message', 'receipt', 'notification', 'call'], (kind, node) => this.#keep(kind, node));
    ws.on('CB:ack,class:message', (node: BinaryNode) => this.#acknowledged(node));
    ws.on('CB:ib,,offline', (node: BinaryNode) => void this.#caughtUp(node));
    ws.on('CB:chatstate', (node: BinaryNode) => void this.#typing(node));
  }

  /** True when Baileys may go on with a stanza: it is safe at the worker, or needs not be. */
  async #keep(kind: Kind, node: BinaryNode): Promise<boolean> {
    if (kind === 'message' || kind === 'receipt')
      this.#notices.heard(node);
    if (!this.#persistent || !isWorthKeeping(kind, node))
      return true;
    if (isIgnored(node.attrs.from ?? ''))
      return await this.#ignore(kind, node);
    if (kind === 'message') {
      const arrival = this.#inbound.arrived(node);
      if (arrival) {
        this.#begin(arrival);
        await this.#turns.take(`${node.attrs.from}/${node.attrs.participant}`, arrival.begun);
        return true;
      }
    }
    if (node.attrs.type === 'w:gp2' && node.attrs.from)
      this.#groups.del(node.attrs.from);
    const record = recordOf(kind, node);
    this.#begin(record);
    try {
      await this.#store.commit({ keys: {}, inbound: record });
    } catch {
      this.#end(record);
      return false;
    }
    this.#deliver(record.key, record.at, kind, node, []);
    this.#end(record);
    return true;
  }

  #begin(stanza: object): void {
    this.#pressure.begin(stanza);
    this.#underWay.begin(stanza);
  }

  #end(stanza: object): void {
    this.#pressure.end(stanza);
    this.#underWay.end(stanza);
  }

  // Baileys would refuse these posts as if they were broken.
  async #ignore(kind: Kind, node: BinaryNode): Promise<boolean> {
    if (kind !== 'message')
      return true;
    await this.#sock.sendMessageAck(node).catch(() => {}); // The connection is gone, and with it whoever would hear it.
    return false;
  }

  #arrived(arrival: Arrival): void {
    const { node, plaintexts, at } = arrival;
    this.#deliver(keyOf('message', node), at, 'message', node, plaintexts);
    this.#end(arrival);
  }

  #deliver(key: string, at: number, kind: Kind, node: BinaryNode, plaintexts: [string, string][]): void {
    this.delivery.push(key, at, () => eventsOf({ kind, node, plaintexts }, this.#self, this.#find));
    const { from } = node.attrs;
    if (kind === 'message' && from?.endsWith('@g.us') && !this.#named.has(from))
      void this.#nameGroup(from);
  }

  // The stanzas of a group never say its name.
  async #nameGroup(jid: string): Promise<void> {
    this.#named.add(jid);
    try {
      const { subject } = await this.#group(jid);
      if (subject)
        this.delivery.tell(await named(jid, subject, this.#find));
    } catch (error) {
      log('warn', 'the name of a group is not known', { account: this.account, reason: reasonOf(error) });
    }
  }

  async #group(jid: string): Promise<GroupMetadata> {
    const known = this.#groups.get<GroupMetadata>(jid);
    if (known)
      return known;
    const group = await this.#sock.groupMetadata(jid);
    this.#groups.set(jid, group);
    return group;
  }

  async #contacts(contacts: BaileysEventMap['contacts.upsert']): Promise<void> {
    for (const { id, name } of contacts)
      if (name && !areJidsSameUser(id, this.#self.jid))
        this.delivery.tell(await named(id, name, this.#find));
  }

  async #typing(node: BinaryNode): Promise<void> {
    const event = await typingOf(node, this.#self, this.#find);
    if (event)
      this.delivery.mention(event);
  }

  #acknowledged(node: BinaryNode): void {
    const { id: messageId, error } = node.attrs;
    if (!messageId)
      return;
    this.#tell('ack', { messageId, ...(error ? { error } : {}) });
    this.#notices.acknowledged(node);
  }

  // The server has written all that it kept for this device; the worker shall hear of it when it has all that became of that.
  async #caughtUp(node: BinaryNode): Promise<void> {
    const at = Date.now();
    const count = Number(getBinaryNodeChild(node, 'offline')?.attrs.count ?? 0);
    await this.#underWay.settled(settlingMs);
    await this.delivery.after();
    if (!this.#over)
      this.#state({ state: 'caught_up', count, at });
  }

  #updated({ qr, connection, isNewLogin, lastDisconnect, reachoutTimeLock }: Partial<ConnectionState>): void {
    if (qr) {
      this.#pairing.ready();
      this.#state({ state: 'qr', qr, expiresInMs: this.config.qrTimeoutMs ?? (this.#qrs++ === 0 ? firstQrMs : nextQrMs) });
    }
    if (isNewLogin)
      this.#paired();
    if (connection === 'open') {
      this.#open = true;
      this.#self = new Self(this.creds);
      this.#state({ state: 'open', ...this.#who() });
      void this.#notices.opened(this.#sock);
    }
    if (reachoutTimeLock)
      this.#notices.timeLocked(reachoutTimeLock);
    if (connection === 'close')
      this.#ended(lastDisconnect?.error);
  }

  // Our signature completes the link on the phone, so it waits until the credentials are safe.
  #paired(): void {
    const saved = this.ask('state', { state: 'paired', ...this.#who(), creds: credsText(this.creds) }, pairingReadyMs).then(
      () => { this.#persistent = true; },
      error => {
        this.#lost(error);
        throw error;
      });
    this.#wire.hold(saved);
  }

  #credsChanged(): void {
    if (!this.#persistent || this.#transactions.credsChanged() || this.#credsWaiting)
      return;
    this.#credsWaiting = true;
    queueMicrotask(() => {
      this.#credsWaiting = false;
      this.#store.commit({ keys: {}, creds: true }).catch(() => {}); // It has cut the connection, which is what can be done.
    });
  }

  #who(): { phone: string; lid: string; name: string } {
    const { me } = this.creds;
    return { phone: jidDecode(me?.id)?.user ?? '', lid: me?.lid ? plainJid(me.lid) : '', name: me?.name ?? '' };
  }

  #ended(error: (Error & { output?: { statusCode?: number } }) | undefined): void {
    this.#over = true;
    this.#open = false;
    this.#pressure.stop();
    void this.#store.close();
    const code = this.#fate?.code ?? error?.output?.statusCode ?? connectionClosed;
    const reason = this.#fate?.reason ?? masked(error?.message ?? 'The connection was closed.');
    this.#notices.closed(code);
    if (!this.#quiet)
      this.#state({ state: 'close', code, reason, loggedOut: code === loggedOut });
    this.#closed();
  }

  #lost(error: unknown): void {
    const lease = error instanceof Refusal && error.code === 'lease_lost';
    this.cut(lease
      ? { code: 'lease', reason: 'The lease of this account is over.' }
      : { code: connectionClosed, reason: `The worker could not keep what came or went: ${reasonOf(error)}` });
  }

  #mayGoOn(): boolean {
    if (this.#over)
      return false;
    if (this.mayAct())
      return true;
    this.cut({ code: 'lease', reason: 'The lease of this account is over.' });
    return false;
  }

  #mustBeOpen(): void {
    if (!this.#mayGoOn())
      throw new Refusal('lease_lost', 'The lease of this account is over.');
    if (!this.#open)
      throw new Refusal('not_open', 'The account is not connected.');
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const status = (error as { output?: { statusCode?: number } }).output?.statusCode;
      if (this.#over || status === connectionClosed)
        throw new Refusal(this.#fate?.code === 'lease' ? 'lease_lost' : 'not_open', 'The connection closed before this was done.');
      if (error instanceof Refusal)
        throw error;
      log('warn', 'WhatsApp refused an operation', { account: this.account, reason: reasonOf(error) });
      throw status === 408
        ? new Refusal('timeout', 'WhatsApp did not answer in time.')
        : new Refusal('rejected', 'WhatsApp refused this; the log of the bridge has the reason.');
    }
  }

  #state(body: object): void {
    this.#tell('state', body);
  }

  #tell(ev: string, body: object): void {
    this.ask(ev, body).catch(error => log('warn', `the worker did not take ${ev}`, { account: this.account, reason: reasonOf(error) }));
  }
}

// Status posts and channels are no conversations with anybody.
function isIgnored(jid: string): boolean {
  return !!isJidStatusBroadcast(jid) || !!isJidNewsletter(jid);
}
