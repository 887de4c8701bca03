import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { Worker, type Frame } from './worker.ts';

const shop = '40711000031';
const patienceMs = 250;
let emulator: Emulator;
let people = 40722000031;
const worker = new Worker();

before(async () => {
  emulator = await Emulator.start();
  await worker.open();
  await emulator.link(worker, 1, shop);
});

afterEach(() => {
  worker.before = () => undefined;
});

after(async () => {
  await worker.close();
  await emulator.stop();
});

/** A contact of one test, and what happens between the two of us. */
class Contact {
  readonly pn = String(people++);
  readonly #expected: string[] = [];

  static async new(): Promise<Contact> {
    const contact = new Contact();
    await emulator.contact(contact.pn);
    return contact;
  }

  /** One with whom there is a session in both directions. */
  static async known(): Promise<Contact> {
    const contact = await Contact.new();
    await contact.says('are you there?');
    await contact.hears(`${contact.pn}HELLO`);
    return contact;
  }

  message(id: string): object {
    return { messageId: id, chat: `${this.pn}@s.whatsapp.net`, content: { text: `text of ${id}` } };
  }

  /** Their message is here, once. */
  async says(text: string): Promise<void> {
    const { id } = await emulator.writes(this.pn, shop, text);
    await this.wasHeard(id);
  }

  async wasHeard(id: string): Promise<void> {
    const ours = (one: any): boolean => one.type === 'message' && one.id === id;
    await worker.event(1, ours, `message ${id}`);
    await emulator.receipts(this.pn, 1, `&id=${id}`);
    assert.equal(worker.stored(1).events.filter(ours).length, 1);
  }

  /** Sends it, and their phone shows it, after all that came before and nothing else. */
  async hears(id: string): Promise<void> {
    await worker.ask('send', 1, this.message(id));
    this.#expected.push(id);
    assert.deepEqual((await emulator.shown(this.pn, this.#expected.length)).map(one => one.id), this.#expected);
  }

  /** A second of everything: the same session still carries messages both ways, and nothing but those has reached the phone. */
  async goesOn(): Promise<void> {
    await this.says('still there?');
    await this.hears(`${this.pn}YES`);
    await this.says('good');
    await this.hears(`${this.pn}GOOD`);
  }

  get phone(): Promise<any[]> {
    return emulator.call('GET', `/api/contacts/${this.pn}/messages`);
  }
}

const brings = (frame: Frame, id: string): boolean => frame.ev === 'commit' && frame.body.sent?.messageId === id;
const commitsOf = (id: string): Frame[] => worker.frames.filter(frame => brings(frame, id));

/** Nobody had to ask for a message again. */
async function quietly(story: () => Promise<void>): Promise<void> {
  const noise = async (): Promise<number[]> => {
    const { nacks = 0, retryRequests = 0, retryRequestsOfPhones = 0 } = await emulator.counters();
    return [nacks, retryRequests, retryRequestsOfPhones];
  };
  const from = await noise();
  await story();
  assert.deepEqual(await noise(), from, 'NACKs, retries asked for by us, by phones');
}

for (const [who, find] of [['a contact', Contact.known], ['somebody whom nobody wrote to before', Contact.new]] as const) {
  test(`what was prepared for ${who} and never sent is nowhere, and the session goes on without it`, () => quietly(async () => {
    const ana = await find();
    await worker.ask('prepare', 1, ana.message('NEVER'));
    await ana.goesOn();
    assert.deepEqual(commitsOf('NEVER'), []);
  }));

  test(`what was prepared for ${who} and sent arrives once, from one commit`, () => quietly(async () => {
    const ana = await find();
    const id = `${ana.pn}ONCE`;
    const errors = worker.errors.length;
    await Promise.all([worker.ask('prepare', 1, ana.message(id)), ana.hears(id)]);
    assert.equal(commitsOf(id).length, 1);
    assert.deepEqual(worker.errors.slice(errors), [], 'it went on, and was not dropped and begun anew');
    await ana.goesOn();
  }));

  test(`another message to ${who} drops the prepared one, which arrives when it is sent itself`, () => quietly(async () => {
    const ana = await find();
    const [first, other] = [`${ana.pn}A`, `${ana.pn}B`];
    await worker.ask('prepare', 1, ana.message(first));
    await ana.hears(other);
    assert.deepEqual(commitsOf(first), []);
    await ana.hears(first);
    assert.equal(commitsOf(first).length, 1);
    await ana.goesOn();
  }));
}

test('what was prepared for a group and never sent is nowhere, and comes when it is sent', () => quietly(async () => {
  const [ana, dan] = [await Contact.new(), await Contact.new()];
  const { jid } = await emulator.call('POST', '/api/groups', { subject: 'Neighbours', members: [ana.pn, dan.pn, shop] });
  const message = (id: string): object => ({ messageId: id, chat: jid, content: { text: `text of ${id}` } });
  await worker.ask('prepare', 1, message('GROUP'));
  await worker.ask('send', 1, message('OTHER'));
  for (const { phone } of [ana, dan])
    assert.deepEqual((await phone).map(one => one.id), ['OTHER']);
  assert.deepEqual(commitsOf('GROUP'), []);
  await worker.ask('prepare', 1, message('GROUP'));
  await worker.ask('send', 1, message('GROUP'));
  for (const { pn } of [ana, dan])
    assert.deepEqual((await emulator.shown(pn, 2)).map(one => one.id), ['OTHER', 'GROUP']);
}));

test('a message that comes in while a prepared one waits is received when that was sent or dropped', () => quietly(async () => {
  const ana = await Contact.known();
  let sentAt = Infinity;
  let receivedAt = Infinity;
  worker.before = frame => {
    if (brings(frame, 'WAITS'))
      sentAt = performance.now();
    if (frame.ev === 'commit' && frame.body.inbound?.kind === 'message')
      receivedAt = performance.now();
    return undefined;
  };
  const preparedAt = performance.now();
  await worker.ask('prepare', 1, ana.message('WAITS'));
  const { id } = await emulator.writes(ana.pn, shop, 'meanwhile');
  await worker.ask('probe', 1); // Answered by the server after what it wrote before.
  await ana.hears('WAITS');
  await ana.wasHeard(id);
  // A machine that took longer for these lines has seen it dropped.
  assert.ok(receivedAt > sentAt || receivedAt - preparedAt >= patienceMs, `received ${receivedAt - preparedAt} ms after it was prepared, sent after ${sentAt - preparedAt} ms`);
  await ana.goesOn();
}));

for (const [what, answer] of [
  ['is refused', async () => ({ err: { code: 'refused', message: 'The disk is full.' } })],
  ['finds the bridge killed', async () => { await worker.kill(); return 'silence' as const; }],
] as const)
  test(`a prepared message whose commit ${what} has not left, and arrives once when it is sent again`, () => quietly(async () => {
    const ana = await Contact.known();
    const id = `${ana.pn}AGAIN`;
    const before = await ana.phone;
    const seen = worker.states.length;
    worker.before = async frame => brings(frame, id) ? await answer() : undefined;
    await worker.ask('prepare', 1, ana.message(id));
    await assert.rejects(worker.ask('send', 1, ana.message(id)));
    if (what === 'is refused')
      assert.equal((await worker.state('close', 1, seen)).code, 428);
    else
      await worker.open();
    assert.deepEqual(await ana.phone, before);
    worker.before = () => undefined;
    await emulator.open(worker, 1);
    await ana.hears(id);
    await ana.goesOn();
  }));

test('a connection that ends takes what was prepared along', () => quietly(async () => {
  const ana = await Contact.known();
  await worker.ask('prepare', 1, ana.message('NEVER'));
  await emulator.open(worker, 1);
  await ana.goesOn();
  assert.deepEqual(commitsOf('NEVER'), []);
}));
