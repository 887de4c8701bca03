const PROLOGUE_LENGTH = 4;
const ROUTING_HEADER = 7;

/** The four bytes that a WhatsApp Web client opens with: "WA", protocol 6, dictionary 3. */
export const PROLOGUE = Buffer.from([0x57, 0x41, 6, 3]);

export class FrameError extends Error {}

/** Cuts the byte stream of a client into frames: an intro once, then 3 bytes of length before each. */
export class FrameReader {
  #buffer: Buffer = Buffer.alloc(0);
  #opened = false;

  push(chunk: Buffer): Buffer[] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    if (!this.#opened && !this.#readIntro()) return [];
    const frames: Buffer[] = [];
    while (this.#buffer.length >= 3) {
      const end = 3 + this.#buffer.readUIntBE(0, 3);
      if (this.#buffer.length < end) break;
      frames.push(this.#buffer.subarray(3, end));
      this.#buffer = this.#buffer.subarray(end);
    }
    return frames;
  }

  #readIntro(): boolean {
    if (this.#buffer.length < 2) return false;
    if (this.#buffer.toString('latin1', 0, 2) === 'ED') {
      if (this.#buffer.length < ROUTING_HEADER) return false;
      const skip = ROUTING_HEADER + this.#buffer.readUIntBE(4, 3);
      if (this.#buffer.length < skip + PROLOGUE_LENGTH) return false;
      this.#buffer = this.#buffer.subarray(skip);
    }
    if (this.#buffer.length < PROLOGUE_LENGTH) return false;
    if (!this.#buffer.subarray(0, PROLOGUE_LENGTH).equals(PROLOGUE)) {
      throw new FrameError('the client did not open with the WhatsApp prologue');
    }
    this.#buffer = this.#buffer.subarray(PROLOGUE_LENGTH);
    this.#opened = true;
    return true;
  }
}

export function frame(payload: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(3 + payload.length);
  out.writeUIntBE(payload.length, 0, 3);
  out.set(payload, 3);
  return out;
}
