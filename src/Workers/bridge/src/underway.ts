const givenUpMs = 30_000;

/** The stanzas that came and are not committed yet. Baileys may give one up without a word: then it counts no longer than this. */
export class UnderWay {
  readonly #stanzas = new Map<object, number>();
  readonly #waiting = new Set<{ left: Set<object>; done: () => void }>();

  begin(stanza: object, now: number): void {
    this.#stanzas.set(stanza, now);
  }

  end(stanza: object): void {
    this.#stanzas.delete(stanza);
    for (const one of this.#waiting) {
      one.left.delete(stanza);
      if (one.left.size === 0)
        one.done();
    }
  }

  /** There is no other beside the one that asks. */
  isOne(now: number): boolean {
    for (const [stanza, since] of this.#stanzas)
      if (now - since > givenUpMs)
        this.end(stanza);
    return this.#stanzas.size <= 1;
  }

  /** Resolves when all that came before is committed, or given up. */
  settled(): Promise<void> {
    if (this.#stanzas.size === 0)
      return Promise.resolve();
    return new Promise(resolve => {
      const one = {
        left: new Set(this.#stanzas.keys()),
        done: () => {
          clearTimeout(timer);
          this.#waiting.delete(one);
          resolve();
        },
      };
      const timer = setTimeout(one.done, givenUpMs);
      timer.unref();
      this.#waiting.add(one);
    });
  }
}
