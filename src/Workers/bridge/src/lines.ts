/** The longest line that either side may write, in bytes. */
export const longestLine = 16 * 1024 * 1024;

/** Cuts a stream of bytes into lines of UTF-8; a line that is too long is dropped whole and reported. */
export class Lines {
  #parts: Buffer[] = [];
  #size = 0;
  #skipping = false;

  constructor(private readonly take: (line: string) => void, private readonly tooLong: () => void, private readonly limit = longestLine) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#add(chunk.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    if (from < chunk.length)
      this.#add(chunk.subarray(from));
  }

  #add(part: Buffer): void {
    if (this.#skipping)
      return;
    this.#size += part.length;
    if (this.#size > this.limit) {
      this.#skipping = true;
      this.#parts = [];
      this.tooLong();
    } else if (part.length > 0) {
      this.#parts.push(part);
    }
  }

  #finish(): void {
    const parts = this.#parts;
    const skipped = this.#skipping;
    this.#parts = [];
    this.#size = 0;
    this.#skipping = false;
    if (!skipped && parts.length > 0)
      this.take(parts.length === 1 ? parts[0]!.toString('utf8') : Buffer.concat(parts).toString('utf8'));
  }
}
