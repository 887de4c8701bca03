import type { Outgoing } from './outgoing.ts';

/** Whoever is about to send has a durable row within milliseconds. What is held meanwhile, everything that comes in needs too. */
const patienceMs = 250;

/** Why the encryption of a message that was begun for nothing fails. Nobody needs to know. */
export const notAskedFor = 'It was not asked for.';

type Send = (outgoing: Outgoing, permission?: Promise<void>) => Promise<void>;

interface Begun {
  outgoing: Outgoing;
  done: Promise<void>;
  allow(): void;
  drop(): void;
}

/**
 * One message of an account may be begun before it is asked for: it is looked up and encrypted, and waits there with the account's ratchets.
 * Nothing of it is saved or leaves until the same message is sent; when another one is, or none in time, it never was.
 */
export class Preparation {
  #begun: Begun | undefined;

  constructor(private readonly write: Send) {}

  begin(outgoing: Outgoing): void {
    if (this.#begun)
      return;
    let allow!: () => void;
    let refuse!: (reason: Error) => void;
    const permission = new Promise<void>((resolve, reject) => {
      allow = resolve;
      refuse = reject;
    });
    permission.catch(() => {}); // Perhaps it failed before it asked.
    const done = this.write(outgoing, permission);
    const begun: Begun = { outgoing, done, allow, drop: () => this.#forget(begun, refuse) };
    this.#begun = begun;
    const patience = setTimeout(begun.drop, patienceMs);
    done.catch(() => {}).finally(() => {
      clearTimeout(patience);
      begun.drop();
    });
  }

  /** Sends it: goes on with what was begun, if that is the same. */
  async send(outgoing: Outgoing): Promise<void> {
    const begun = this.#begun;
    if (!begun || !isSame(begun.outgoing, outgoing)) {
      begun?.drop();
      return await this.write(outgoing);
    }
    this.#begun = undefined;
    begun.allow();
    await begun.done;
  }

  #forget(begun: Begun, refuse: (reason: Error) => void): void {
    refuse(new Error(notAskedFor));
    if (this.#begun === begun)
      this.#begun = undefined;
  }
}

function isSame(one: Outgoing, other: Outgoing): boolean {
  return one.messageId === other.messageId && one.chat === other.chat && one.content.text === other.content.text;
}
