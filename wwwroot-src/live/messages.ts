import type { AccountId, MessageCursor, MessageId, MessagePage, MessageView } from '../contracts.g.ts';

/** The part of a thread that this browser holds: everything from its oldest message to the newest. */
export interface ThreadMessages {
  readonly accountId: AccountId;
  /** The account's number from which on changes are kept here: a page that was read earlier would miss some. */
  readonly since: number;
  /** Oldest first. */
  readonly items: readonly MessageView[];
  /** Where older ones begin; nothing when the start of the thread is here. */
  readonly before: MessageCursor | null;
  /** False from the moment a page is asked for until it is here: changes are kept meanwhile. */
  readonly loaded: boolean;
  /** Changes of messages that are older than what is here: a page that was read earlier must not undo them. */
  readonly strays: ReadonlyMap<MessageId, MessageView>;
}

/** Begins to keep changes: before the page is asked for, so that none falls between. */
export function awaited(accountId: AccountId, since: number): ThreadMessages {
  return { accountId, since, items: [], before: null, loaded: false, strays: new Map() };
}

/** The newest page replaces what was here; nothing changes when it was read too early. */
export function withNewest(held: ThreadMessages, page: MessagePage): ThreadMessages {
  if (page.seq < held.since) return held;
  return merge({ ...held, items: [], before: page.before, loaded: true }, page.messages);
}

/** The page before `held.before`; nothing changes when the page was asked for from another place, or read too early. */
export function withOlder(held: ThreadMessages, page: MessagePage, askedFrom: MessageCursor): ThreadMessages {
  if (!held.loaded || page.seq < held.since || held.before?.id !== askedFrom.id || held.before.at !== askedFrom.at) return held;
  return merge({ ...held, before: page.before }, page.messages);
}

export function withMessage(held: ThreadMessages, message: MessageView): ThreadMessages {
  if (!held.loaded || isOlder(message, held.before)) {
    const strays = new Map(held.strays);
    keepNewer(strays, message);
    if (held.loaded || !held.items.some((item) => item.id === message.id)) return { ...held, strays };
    // Shown while its page is read again: the change is shown at once and kept for the page.
    return { ...held, strays, items: insert(held.items, message) };
  }
  return { ...held, items: insert(held.items, message) };
}

/** Messages are ordered by time, then id. */
export function compare(a: { at: number; id: number }, b: { at: number; id: number }): number {
  return a.at - b.at || a.id - b.id;
}

function merge(held: ThreadMessages, page: readonly MessageView[]): ThreadMessages {
  const byId = new Map<MessageId, MessageView>(held.items.map((item) => [item.id, item]));
  for (const message of page) keepNewer(byId, message);
  const strays = new Map<MessageId, MessageView>();
  for (const stray of held.strays.values()) {
    if (isOlder(stray, held.before)) strays.set(stray.id, stray);
    else keepNewer(byId, stray);
  }
  return { ...held, items: [...byId.values()].sort(compare), strays };
}

function insert(items: readonly MessageView[], message: MessageView): readonly MessageView[] {
  const known = items.find((item) => item.id === message.id);
  if (known && known.seq > message.seq) return items;
  const rest = known ? items.filter((item) => item !== known) : [...items];
  let place = rest.length;
  while (place > 0 && compare(rest[place - 1]!, message) > 0) place--;
  return [...rest.slice(0, place), message, ...rest.slice(place)];
}

function isOlder(message: MessageView, before: MessageCursor | null): boolean {
  return before !== null && compare(message, before) < 0;
}

function keepNewer(messages: Map<MessageId, MessageView>, message: MessageView): void {
  const known = messages.get(message.id);
  if (!known || known.seq < message.seq) messages.set(message.id, message);
}
