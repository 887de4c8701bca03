import { initAuthCreds } from 'baileys';
import { configurationOf } from './configuration.ts';
import { Connection } from './connection.ts';
import { eventsOf } from './decode.ts';
import { Delivery } from './delivery.ts';
import { Refusal, type Channel, type Op } from './frames.ts';
import { credsOf, type Ask } from './keys.ts';
import { Lease } from './lease.ts';
import { Mutex } from './mutex.ts';
import { nodeOf, type StanzaRecord } from './records.ts';

class Account {
  readonly lease: Lease;
  readonly delivery: Delivery;
  readonly ask: Ask;
  readonly starting = new Mutex();
  connection: Connection | undefined;
  /** How often it was to be started. */
  starts = 0;
  #asked = 0;
  readonly #quiet: (() => void)[] = [];

  constructor(readonly id: number, channel: Channel) {
    this.lease = new Lease(() => this.connection?.cut({ code: 'lease', reason: 'The lease of this account is over.' }));
    this.ask = async (ev, body, timeoutMs) => {
      this.#asked++;
      try {
        return await channel.request(ev, id, this.lease.epoch, body, timeoutMs);
      } finally {
        if (--this.#asked === 0)
          for (const resolve of this.#quiet.splice(0))
            resolve();
      }
    };
    this.delivery = new Delivery(this.ask, () => this.connection?.incoming.relieved());
  }

  /** Resolves when the worker has answered everything. */
  async idle(): Promise<void> {
    await this.delivery.idle();
    while (this.#asked > 0)
      await new Promise<void>(resolve => this.#quiet.push(resolve));
  }

  get started(): Connection {
    if (!this.connection)
      throw new Refusal('not_started', 'The account was not started here.');
    return this.connection;
  }
}

/** All accounts of this process, and what the worker can ask of them. */
export class Accounts {
  readonly #accounts = new Map<number, Account>();
  channel!: Channel;

  readonly #ops: Record<string, (account: Account, body: any) => Promise<object>> = {
    start: async (account, { creds, config }) => {
      const configuration = configurationOf(config);
      const credentials = typeof creds === 'string' ? credsOf(creds) : initAuthCreds();
      account.starts++;
      await account.starting.run(async () => {
        await account.connection?.replace();
        account.connection = new Connection(account.id, credentials, configuration, account.ask, account.delivery, () => account.lease.alive);
      });
      return {};
    },
    stop: async (account, { logout }) => {
      const { starts } = account;
      await account.connection?.stop(logout === true);
      await account.idle();
      // A start that came meanwhile took its place, and goes on with the lease.
      if (account.starts === starts) {
        account.connection = undefined;
        account.lease.end();
      }
      return {};
    },
    lease: async () => ({}),
    'pair-code': async (account, { phone }) => {
      if (typeof phone !== 'string' || !/^\d{6,15}$/.test(phone))
        throw new Refusal('invalid_number', 'A phone number is its digits with the country code, nothing else.');
      return { code: await account.started.pairing.code(phone) };
    },
    prepare: async (account, body) => {
      account.started.requests.prepare(body);
      return {};
    },
    send: async (account, body) => {
      await account.started.requests.send(body);
      return {};
    },
    read: async (account, { messages }) => {
      await account.started.requests.read(listOf(messages));
      return {};
    },
    presence: async (account, { available }) => {
      await account.started.requests.presence(available === true);
      return {};
    },
    probe: async account => ({ ms: await account.started.requests.probe() }),
    replay: async (account, { records }) => {
      const { self, names } = account.started;
      for (const record of listOf<StanzaRecord>(records)) {
        const { key, kind, plaintexts, at } = record;
        account.delivery.push(key, at, async () => await eventsOf({ kind, node: await nodeOf(record), plaintexts }, self, names));
      }
      await account.delivery.idle();
      return {};
    },
  };

  handle = async (op: Op): Promise<object> => {
    if (op.op === 'stats')
      return this.#stats();
    const work = Object.hasOwn(this.#ops, op.op) ? this.#ops[op.op] : undefined;
    if (!work)
      throw new Refusal('bad_frame', `There is no operation "${op.op.slice(0, 40)}".`);
    return await work(this.#accountOf(op), op.body);
  };

  #accountOf({ account: id, epoch, lease, at }: Op): Account {
    if (!isWhole(id) || !isWhole(epoch) || typeof lease !== 'number' || !Number.isFinite(lease))
      throw new Refusal('bad_frame', 'This operation needs account, epoch and lease.');
    let account = this.#accounts.get(id);
    if (!account)
      this.#accounts.set(id, account = new Account(id, this.channel));
    account.lease.renew(epoch, lease, typeof at === 'number' ? at : undefined);
    return account;
  }

  #stats(): object {
    const { rss, heapUsed } = process.memoryUsage();
    let accounts = 0;
    for (const { connection } of this.#accounts.values())
      accounts += connection?.isOpen ? 1 : 0;
    return { rssBytes: rss, heapUsedBytes: heapUsed, accounts };
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function listOf<T>(value: unknown): T[] {
  if (!Array.isArray(value))
    throw new Refusal('bad_frame', 'A list is missing in the body.');
  return value;
}
