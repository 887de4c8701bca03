import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker, type Frame } from './worker.ts';

/** One account, linked and open, and the people who talk to it. */
class Shop {
  readonly worker = new Worker();
  emulator!: Emulator;
  #people: number;

  /** `pn` is its number; those of its contacts are counted from `people` on. */
  constructor(readonly pn: string, people: number) {
    this.#people = people;
  }

  async start(): Promise<void> {
    this.emulator = await Emulator.start();
    await this.worker.open();
    await this.emulator.link(this.worker, 1, this.pn);
  }

  async stop(): Promise<void> {
    await this.worker.close();
    await this.emulator.stop();
  }

  /** Another bridge takes the place of one that was killed, or another connection of one that broke. */
  async goOn(): Promise<void> {
    if (!this.worker.isAlive)
      await this.worker.open();
    await this.emulator.open(this.worker, 1);
  }

  /** Somebody with whom there is no session yet. */
  async stranger(): Promise<Contact> {
    const contact = new Contact(this, String(this.#people++));
    await this.emulator.contact(contact.pn);
    return contact;
  }

  /** Somebody with whom there is a session in both directions. */
  async known(): Promise<Contact> {
    const contact = await this.stranger();
    await contact.says('are you there?');
    await contact.hears(`${contact.pn}HELLO`);
    return contact;
  }

  /** The commits that bring a message of ours. */
  commitsOf(id: string): Frame[] {
    return this.worker.frames.filter(frame => brings(frame, id));
  }

  /** Nobody had to ask for a message again. */
  async quietly(story: () => Promise<void>): Promise<void> {
    const noise = async (): Promise<number[]> => {
      const { nacks = 0, retryRequests = 0, retryRequestsOfPhones = 0 } = await this.emulator.counters();
      return [nacks, retryRequests, retryRequestsOfPhones];
    };
    const from = await noise();
    await story();
    assert.deepEqual(await noise(), from, 'NACKs, retries asked for by us, by phones');
  }
}

/** A shop for all tests of a file, whose worker decides about its frames itself after each. */
export function openShop(pn: string, people: number): Shop {
  const shop = new Shop(pn, people);
  before(() => shop.start());
  afterEach(() => {
    shop.worker.before = () => undefined;
  });
  after(() => shop.stop());
  return shop;
}

/** A customer of one test, and what happens between the two of us. */
class Contact {
  readonly #expected: string[] = [];

  constructor(private readonly shop: Shop, readonly pn: string) {}

  message(id: string): object {
    return { messageId: id, chat: `${this.pn}@s.whatsapp.net`, content: { text: `text of ${id}` } };
  }

  /** Their message is here, once. */
  async says(text: string): Promise<void> {
    const { id } = await this.shop.emulator.writes(this.pn, this.shop.pn, text);
    await this.wasHeard(id);
  }

  async wasHeard(id: string): Promise<void> {
    const ours = (one: any): boolean => one.type === 'message' && one.id === id;
    await this.shop.worker.event(1, ours, `message ${id}`);
    await this.shop.emulator.receipts(this.pn, 1, `&id=${id}`);
    assert.equal(this.shop.worker.stored(1).events.filter(ours).length, 1);
  }

  /** Sends it, and their phone shows it. */
  async hears(id: string): Promise<void> {
    await this.shop.worker.ask('send', 1, this.message(id));
    await this.shows(id);
  }

  /** Their phone shows it, after all that came before and nothing else. */
  async shows(id: string): Promise<void> {
    if (!this.#expected.includes(id))
      this.#expected.push(id);
    assert.deepEqual((await this.shop.emulator.shown(this.pn, this.#expected.length)).map(one => one.id), this.#expected);
  }

  /** A second of everything: the same session still carries messages both ways, and nothing but those has reached the phone. */
  async goesOn(): Promise<void> {
    await this.says('still there?');
    await this.hears(`${this.pn}YES`);
    await this.says('good');
    await this.hears(`${this.pn}GOOD`);
  }

  get phone(): Promise<any[]> {
    return this.shop.emulator.call('GET', `/api/contacts/${this.pn}/messages`);
  }
}

export const brings = (frame: Frame, id: string): boolean => frame.ev === 'commit' && frame.body.sent?.messageId === id;
