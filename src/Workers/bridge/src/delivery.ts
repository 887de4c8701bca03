import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Event } from './events.ts';
import type { Ask } from './keys.ts';
import { log, reasonOf } from './logs.ts';

interface Item {
  /** Of the record that the events were made from; empty without one. */
  key: string;
  /** Of the record as it was read: what is added to it later is not in these events. */
  at: number;
  events: () => Promise<Event[]>;
  /** Called when the worker took it, or when it was left for the replay. */
  answered?: (() => void) | undefined;
}

const itemsAFrame = 64;
const eventsAFrame = 512;
const charsAFrame = 1024 * 1024;
const answerMs = 60_000;
/** Frames that follow one another wait this long for more to share them; one after a pause goes at once. */
const pauseMs = 10;
/** Typing is worth nothing late: beyond this many waiting items it is dropped. */
const crowded = 256;

/**
 * Hands one account's events to the worker, outside the path between a message and its receipt. One frame is in flight at
 * a time, with all that came meanwhile in the next. What the worker does not take stays with its record for the replay.
 */
export class Delivery {
  #queue: Item[] = [];
  #running: Promise<void> | undefined;
  #last = -Infinity;

  constructor(private readonly ask: Ask, private readonly drained: () => void = () => {}) {}

  get waiting(): number {
    return this.#queue.length;
  }

  /** The worker took all that there was. */
  get isIdle(): boolean {
    return this.#running === undefined;
  }

  push(key: string, at: number, events: () => Promise<Event[]>, answered?: () => void): void {
    this.#queue.push({ key, at, events, answered });
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** For what has no record and comes again. */
  tell(event: Event): void {
    this.push('', 0, () => Promise.resolve([event]));
  }

  /** For what is worth nothing later. */
  mention(event: Event): void {
    if (this.#queue.length < crowded)
      this.tell(event);
  }

  /** Resolves when the worker took, or left for the replay, what was pushed before. */
  after(): Promise<void> {
    return new Promise(resolve => this.push('', 0, async () => [], resolve));
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running)
      await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      await turn();
      const early = this.#last + pauseMs - performance.now();
      if (early > 0 && this.#queue.length < itemsAFrame)
        await wait(early);
      this.#last = performance.now();
      const items = this.#queue.splice(0, itemsAFrame);
      for (const frame of await frames(items))
        try {
          await this.ask('inbound', { items: frame }, answerMs);
        } catch (error) {
          log('warn', 'the worker did not take events; it will replay them', { reason: reasonOf(error) });
        }
      for (const { answered } of items)
        answered?.();
      this.drained();
    }
  }
}

interface Sent {
  key: string;
  at: number;
  events: Event[];
  more?: true;
}

/** Cuts items into frames: a record of history can hold thousands of events, and `more` keeps it open until the last. */
async function frames(items: Item[]): Promise<Sent[][]> {
  const all: Sent[][] = [];
  let frame: Sent[] = [];
  let events = 0;
  let chars = 0;
  const close = (): void => {
    if (frame.length > 0)
      all.push(frame);
    frame = [];
    events = chars = 0;
  };
  for (const { key, at, events: read } of items) {
    let rest: Event[];
    try {
      rest = await read();
    } catch (error) {
      log('error', 'a record could not be read', { kind: key.split('/', 1)[0], reason: reasonOf(error) });
      continue;
    }
    let part: Event[] = [];
    for (const event of rest) {
      if (events >= eventsAFrame || chars >= charsAFrame) {
        frame.push({ key, at, events: part, more: true });
        part = [];
        close();
      }
      part.push(event);
      events++;
      chars += 200 + ('text' in event ? event.text?.length ?? 0 : 0);
    }
    if (key || part.length > 0)
      frame.push({ key, at, events: part });
  }
  close();
  return all;
}
