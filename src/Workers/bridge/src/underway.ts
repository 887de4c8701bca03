/** The stanzas that came and are not committed yet. */
export class UnderWay {
  readonly #stanzas = new Set<object>();
  readonly #waiting = new Set<{ left: Set<object>; done: () => void }>();

  get count(): number {
    return this.#stanzas.size;
  }

  begin(stanza: object): void {
    this.#stanzas.add(stanza);
  }

  end(stanza: object): void {
    this.#stanzas.delete(stanza);
    for (const one of this.#waiting) {
      one.left.delete(stanza);
      if (one.left.size === 0)
        one.done();
    }
  }

  /** Resolves when all that came before is committed; Baileys may give a stanza up without a word, so not later than after `ms`. */
  settled(ms: number): Promise<void> {
    if (this.#stanzas.size === 0)
      return Promise.resolve();
    return new Promise(resolve => {
      const one = {
        left: new Set(this.#stanzas),
        done: () => {
          clearTimeout(timer);
          this.#waiting.delete(one);
          resolve();
        },
      };
      const timer = setTimeout(one.done, ms);
      timer.unref();
      this.#waiting.add(one);
    });
  }
}
