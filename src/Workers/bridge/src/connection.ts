import { jidDecode, type AuthenticationCreds, type BinaryNode, type ConnectionState, type WASocket } from 'baileys';
import { socketOf } from './baileys.ts';
import type { Configuration } from './configuration.ts';
import type { Delivery } from './delivery.ts';
import { Refusal } from './frames.ts';
import { Incoming } from './incoming.ts';
import { KeyStore, type Ask } from './keys.ts';
import { log, masked, reasonOf } from './logs.ts';
import { Notices } from './notices.ts';
import { Pairing } from './pairing.ts';
import { otherNames, plainJid, Self, type OtherName } from './people.ts';
import { Inbound } from './repository.ts';
import { Requests } from './requests.ts';
import { Transactions } from './transactions.ts';
import { Wire, type RawSocket } from './wire.ts';

/** Why a connection ends, where Baileys does not know it. */
interface Fate {
  code: number | 'lease' | 'stopped';
  reason: string;
}

const goodbyeMs = 2000;
const connectionClosed = 428;
const loggedOut = 401;
const phoneQuietMs = 24 * 60 * 60_000;
const leaseOver: Fate = { code: 'lease', reason: 'The lease of this account is over.' };

/** One socket of one account, from its start to its end. */
export class Connection {
  readonly closed: Promise<void>;
  readonly sock: WASocket;
  readonly store: KeyStore;
  readonly transactions: Transactions;
  readonly names: OtherName;
  readonly notices: Notices;
  readonly incoming: Incoming;
  readonly pairing = new Pairing(this);
  readonly requests = new Requests(this);
  readonly #wire: Wire;
  #closed!: () => void;
  #self: Self;
  #fate: Fate | undefined;
  #over = false;
  #open = false;
  #quiet = false;
  #linked: boolean;
  #credsWaiting = false;

  constructor(
    readonly account: number,
    readonly creds: AuthenticationCreds,
    readonly config: Configuration,
    readonly ask: Ask,
    readonly delivery: Delivery,
    private readonly mayAct: () => boolean,
  ) {
    this.closed = new Promise(resolve => (this.#closed = resolve));
    this.#linked = !!creds.account;
    this.#self = new Self(creds);
    this.store = new KeyStore(ask, () => creds, error => this.#lost(error));
    this.transactions = new Transactions(this.store);
    this.names = otherNames(this.store);
    this.notices = new Notices(notice => this.tell('state', notice), () => this.#self, config.phoneQuietMs ?? phoneQuietMs);
    const inbound = new Inbound(
      creds, this.store, this.transactions, (node, plaintexts) => this.incoming.alone('message', node, plaintexts), arrival => this.incoming.opened(arrival), () => this.#over);
    this.sock = socketOf(this, inbound);
    const { socket } = this.sock.ws as unknown as { socket: RawSocket };
    this.#wire = new Wire(socket, this.transactions, () => this.mayGoOn());
    this.incoming = new Incoming(this, inbound, socket);
    this.#listen();
  }

  get isOpen(): boolean {
    return this.#open && !this.#over;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** The phone has accepted us. Before, what a pairing leaves behind must not look like a login to the next start. */
  get isLinked(): boolean {
    return this.#linked;
  }

  get lostItsLease(): boolean {
    return this.#fate?.code === 'lease';
  }

  /** Who the account is; empty before it is linked. */
  get self(): Self {
    return this.#self;
  }

  get who(): { phone: string; lid: string; name: string } {
    const { me } = this.creds;
    return { phone: jidDecode(me?.id)?.user ?? '', lid: me?.lid ? plainJid(me.lid) : '', name: me?.name ?? '' };
  }

  /** Asked before every frame that is read or written; ends the connection when the lease is over. */
  mayGoOn(): boolean {
    if (this.#over)
      return false;
    if (this.mayAct())
      return true;
    this.cut(leaseOver);
    return false;
  }

  /** Tells the worker something that nobody here waits for. */
  tell(ev: string, body: object): void {
    this.ask(ev, body).catch(error => log('warn', `the worker did not take ${ev}`, { account: this.account, reason: reasonOf(error) }));
  }

  /** Ends it at once; nothing more is written, and the server keeps what was not acknowledged. */
  cut(fate: Fate): void {
    if (this.#over)
      return;
    this.#over = true;
    this.#fate ??= fate;
    this.#wire.cut();
    void this.store.close();
    void this.sock.end(undefined);
  }

  /** Ends it without a word, for another that takes its place as soon as nothing of this one is being written. */
  async replace(): Promise<void> {
    this.#quiet = true;
    this.cut({ code: 'stopped', reason: 'The account was started anew.' });
    await this.store.close();
  }

  async stop(logout: boolean): Promise<void> {
    this.#fate = { code: 'stopped', reason: logout ? 'The account was unlinked.' : 'The account was stopped.' };
    if (logout && this.isOpen)
      await this.sock.logout();
    else
      void this.sock.end(undefined);
    // A server that is gone never says goodbye.
    const impatience = setTimeout(() => this.#wire.cut(), goodbyeMs);
    await this.closed;
    clearTimeout(impatience);
  }

  #listen(): void {
    const { ev, ws } = this.sock;
    ev.on('connection.update', update => this.#updated(update));
    ev.on('creds.update', () => this.#credsChanged());
    ev.on('message-capping.update', info => this.notices.capped(info));
    const taken = ws.listeners('message');
    ws.removeAllListeners('message');
    ws.on('message', (data: Buffer) => {
      if (this.mayGoOn())
        for (const take of taken)
          take.call(ws, data);
    });
    ws.on('CB:ack,class:message', (node: BinaryNode) => this.#acknowledged(node));
    this.incoming.listen();
  }

  #acknowledged(node: BinaryNode): void {
    const { id: messageId, error } = node.attrs;
    if (!messageId)
      return;
    this.tell('ack', { messageId, ...(error ? { error } : {}) });
    this.notices.acknowledged(node);
  }

  #updated({ qr, connection, isNewLogin, lastDisconnect, reachoutTimeLock }: Partial<ConnectionState>): void {
    if (qr)
      this.pairing.shown(qr);
    if (isNewLogin)
      this.#paired();
    if (connection === 'open') {
      this.#open = true;
      this.#self = new Self(this.creds);
      this.tell('state', { state: 'open', ...this.who });
      void this.notices.opened(this.sock);
    }
    if (reachoutTimeLock)
      this.notices.timeLocked(reachoutTimeLock);
    if (connection === 'close')
      this.#ended(lastDisconnect?.error);
  }

  #paired(): void {
    const saved = this.pairing.saved().then(
      () => { this.#linked = true; },
      error => {
        this.#lost(error);
        throw error;
      });
    this.#wire.hold(saved);
  }

  #credsChanged(): void {
    if (!this.#linked || this.transactions.credsChanged() || this.#credsWaiting)
      return;
    this.#credsWaiting = true;
    queueMicrotask(() => {
      this.#credsWaiting = false;
      this.store.commit({ keys: {}, creds: true }).catch(() => {}); // It has cut the connection, which is what can be done.
    });
  }

  #ended(error: (Error & { output?: { statusCode?: number } }) | undefined): void {
    this.#over = true;
    this.#open = false;
    this.incoming.stop();
    void this.store.close();
    const code = this.#fate?.code ?? error?.output?.statusCode ?? connectionClosed;
    const reason = this.#fate?.reason ?? masked(error?.message ?? 'The connection was closed.');
    this.notices.closed(code);
    if (!this.#quiet)
      this.tell('state', { state: 'close', code, reason, loggedOut: code === loggedOut });
    this.#closed();
  }

  #lost(error: unknown): void {
    this.cut(error instanceof Refusal && error.code === 'lease_lost'
      ? leaseOver
      : { code: connectionClosed, reason: `The worker could not keep what came or went: ${reasonOf(error)}` });
  }
}
