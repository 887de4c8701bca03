import { S_WHATSAPP_NET } from 'baileys';
import type { Connection } from './connection.ts';
import { Refusal } from './frames.ts';
import { log, reasonOf } from './logs.ts';
import { outgoingOf, send } from './outgoing.ts';
import { Preparation } from './preparation.ts';

const connectionClosed = 428;
const timedOut = 408;

/** What the worker asks of an open connection. Failures are refusals with a sentence. */
export class Requests {
  readonly #preparation = new Preparation((outgoing, permission) => {
    const { sock, transactions, self } = this.connection;
    return send(sock, transactions, self, outgoing, permission);
  });
  #available = false;

  constructor(private readonly connection: Connection) {}

  /** Begins a message that will probably be sent next, if it is one of those that are encrypted for somebody else. */
  prepare(body: Record<string, unknown>): void {
    const outgoing = outgoingOf(body);
    if (this.connection.isOpen && this.connection.mayGoOn() && /@(s\.whatsapp\.net|lid|g\.us)$/.test(outgoing.chat) && !this.connection.self.is(outgoing.chat))
      this.#preparation.begin(outgoing);
  }

  async send(body: Record<string, unknown>): Promise<void> {
    const outgoing = outgoingOf(body);
    await this.#attempt(() => this.#preparation.send(outgoing));
  }

  async read(messages: { chat: string; id: string; participant?: string }[]): Promise<void> {
    const keys = messages.map(({ chat, id, participant }) => ({ remoteJid: chat, id, participant, fromMe: false }));
    await this.#attempt(() => this.connection.sock.readMessages(keys));
  }

  async presence(available: boolean): Promise<void> {
    await this.#attempt(() => {
      this.#available = available;
      return this.#announce();
    });
  }

  /** Proves that the socket is answered; resolves with how long that took, in milliseconds. */
  async probe(): Promise<number> {
    const started = performance.now();
    const answer = await this.#attempt(async () => {
      await this.#announce();
      return await this.connection.sock.query({ tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' }, content: [{ tag: 'ping', attrs: {} }] });
    });
    if (!answer)
      throw new Refusal('timeout', 'WhatsApp did not answer in time.');
    return Math.round(performance.now() - started);
  }

  #announce(): Promise<void> {
    return this.connection.sock.sendPresenceUpdate(this.#available ? 'available' : 'unavailable');
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    const { connection } = this;
    if (!connection.mayGoOn())
      throw new Refusal('lease_lost', 'The lease of this account is over.');
    if (!connection.isOpen)
      throw new Refusal('not_open', 'The account is not connected.');
    try {
      return await work();
    } catch (error) {
      const status = (error as { output?: { statusCode?: number } }).output?.statusCode;
      if (connection.isOver || status === connectionClosed)
        throw new Refusal(connection.lostItsLease ? 'lease_lost' : 'not_open', 'The connection closed before this was done.');
      if (error instanceof Refusal)
        throw error;
      log('warn', 'WhatsApp refused an operation', { account: connection.account, reason: reasonOf(error) });
      throw status === timedOut
        ? new Refusal('timeout', 'WhatsApp did not answer in time.')
        : new Refusal('rejected', 'WhatsApp refused this; the log of the bridge has the reason.');
    }
  }
}
