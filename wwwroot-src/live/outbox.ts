import type { AccountId, MessageView, SendRequest, SendResult, ThreadId } from '../contracts.g.ts';

/** A text that the person sent and that is no row yet, as far as this browser knows. */
export interface Pending {
  /** Below zero, so that it is never a message's; smaller for later ones. */
  readonly id: number;
  readonly token: string;
  readonly threadId: ThreadId;
  readonly accountId: AccountId;
  readonly text: string;
  readonly at: number;
  /** Refused: nobody tries again by itself. */
  readonly isRefused: boolean;
  readonly sentence: string | null;
}

export interface Place {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const key = 'realtimewa.pending';

/**
 * What was sent and not answered yet. It is sent again with the same token after a reconnect or a reload; the hub knows the token,
 * so it becomes one message. Its bubble becomes final through the message's event, as everyone's.
 */
export class Outbox {
  readonly #pending = new Map<string, Pending>();
  readonly #underWay = new Set<string>();

  constructor(
    private readonly place: Place,
    private readonly ask: (request: SendRequest) => Promise<SendResult>,
    private readonly changed: (pending: Pending) => void,
    private readonly answered: (message: MessageView) => void,
  ) {
    for (const pending of saved(place)) this.#pending.set(pending.token, pending);
  }

  add(text: Pick<Pending, 'token' | 'threadId' | 'accountId' | 'text' | 'at'>): void {
    const id = Math.min(0, ...[...this.#pending.values()].map((each) => each.id)) - 1;
    const pending = { ...text, id, isRefused: false, sentence: null };
    this.#put(pending);
    void this.#send(pending);
  }

  retry(token: string): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    const again = { ...pending, isRefused: false, sentence: null };
    this.#put(again);
    void this.#send(again);
  }

  discard(token: string): Pending | undefined {
    const pending = this.#pending.get(token);
    if (!pending || !this.#pending.delete(token)) return undefined;
    this.#save();
    this.changed(pending);
    return pending;
  }

  /** Sends what has no answer yet, oldest first. */
  resume(): void {
    for (const pending of this.#pending.values()) if (!pending.isRefused) void this.#send(pending);
  }

  /** The message is a row: its bubble is drawn from that. */
  settle(token: string | null): void {
    if (token !== null) this.discard(token);
  }

  move(from: ThreadId, to: ThreadId): void {
    for (const pending of this.#pending.values()) if (pending.threadId === from) this.#put({ ...pending, threadId: to });
  }

  /** The thread's messages with the bubbles that are not final, oldest first. */
  overlay(threadId: ThreadId, items: readonly MessageView[]): readonly MessageView[] {
    const bubbles = [...this.#pending.values()].filter((pending) => pending.threadId === threadId);
    if (bubbles.length === 0) return items;
    const known = new Set(items.map((item) => item.clientToken));
    const own = bubbles.filter((pending) => !known.has(pending.token)).map(bubble);
    // A phone's clock may be ahead: what was just sent stands last all the same.
    return [...items, ...own.sort((a, b) => b.id - a.id)];
  }

  async #send(pending: Pending): Promise<void> {
    if (this.#underWay.has(pending.token)) return;
    this.#underWay.add(pending.token);
    try {
      const { message, sentence } = await this.ask({ threadId: pending.threadId, clientToken: pending.token, text: pending.text });
      if (message) {
        this.answered(message);
        this.settle(pending.token);
      } else this.#refuse(pending.token, sentence);
    } catch {
      this.#refuse(pending.token, null);
    } finally {
      this.#underWay.delete(pending.token);
    }
  }

  #refuse(token: string, sentence: string | null): void {
    const pending = this.#pending.get(token);
    if (pending) this.#put({ ...pending, isRefused: true, sentence });
  }

  #put(pending: Pending): void {
    this.#pending.set(pending.token, pending);
    this.#save();
    this.changed(pending);
  }

  #save(): void {
    try {
      this.place.setItem(key, JSON.stringify([...this.#pending.values()]));
    } catch {
      // No room: it is still in memory.
    }
  }
}

function saved(place: Place): readonly Pending[] {
  try {
    return JSON.parse(place.getItem(key) ?? '[]') as Pending[];
  } catch {
    return [];
  }
}

function bubble(pending: Pending): MessageView {
  return {
    id: pending.id,
    threadId: pending.threadId,
    accountId: pending.accountId,
    waId: '',
    fromMe: true,
    sender: null,
    kind: 'text',
    text: pending.text,
    at: pending.at,
    status: pending.isRefused ? 'failed' : 'queued',
    error: pending.sentence,
    seq: 0,
    editedAt: null,
    isRevoked: false,
    quotedWaId: null,
    clientToken: pending.token,
    operator: null,
    reactions: [],
  };
}
