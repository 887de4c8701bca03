import type { Connection } from './connection.ts';
import { Refusal } from './frames.ts';
import { credsText } from './keys.ts';

const firstQrMs = 60_000;
const nextQrMs = 20_000;
const readyMs = 20_000;
const savedMs = 20_000;

/** What a connection without a phone does until it has one. */
export class Pairing {
  #qrs = 0;
  #ready!: () => void;
  readonly #isReady = new Promise<void>(resolve => (this.#ready = resolve));

  constructor(private readonly connection: Connection) {}

  shown(qr: string): void {
    const { connection } = this;
    this.#ready();
    connection.tell('state', { state: 'qr', qr, expiresInMs: connection.config.qrTimeoutMs ?? (this.#qrs++ === 0 ? firstQrMs : nextQrMs) });
  }

  /** A code to type into a phone; WhatsApp takes the wish for one only once it has shown a QR. */
  async code(phone: string): Promise<string> {
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Refusal('not_open', 'WhatsApp is not ready for a pairing code yet. Try again in a moment.')), readyMs).unref());
    await Promise.race([this.#isReady, late]);
    return await this.connection.sock.requestPairingCode(phone);
  }

  /** A phone accepted. Our signature completes the link there, so whatever is written next waits for this. */
  async saved(): Promise<void> {
    const { connection } = this;
    await connection.ask('state', { state: 'paired', ...connection.who, creds: credsText(connection.creds) }, savedMs);
  }
}
