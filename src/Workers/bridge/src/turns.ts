const patienceMs = 10_000;

/**
 * Keeps what one author writes to one chat in the order in which it came. Baileys handles the offline queue one by one and what is live at once,
 * and looks things up before it lets a message wait for the others; so one that needs a group's key could overtake the one that brings it.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when all that came before was begun. Baileys may give a stanza up before it begins: nobody waits for that for ever. */
  async take(author: string, begun: Promise<void>): Promise<void> {
    const before = this.#last.get(author);
    this.#last.set(author, begun);
    void begun.then(() => {
      if (this.#last.get(author) === begun)
        this.#last.delete(author);
    });
    if (before)
      await new Promise<void>(resolve => {
        const patience = setTimeout(resolve, patienceMs);
        void before.then(() => {
          clearTimeout(patience);
          resolve();
        });
      });
  }
}
