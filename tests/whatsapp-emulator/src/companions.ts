import type { Connection } from './connection.ts';
import { format, type Addressing } from './jids.ts';
import { Mailbox } from './mailbox.ts';
import type { Node } from './nodes.ts';
import type { Phone } from './phones.ts';
import type { Bundle } from './signal/session.ts';
import type { Stats } from './stats.ts';

export interface CompanionKeys {
  registrationId: number;
  identity: Buffer;
  signedPreKey: { id: number; public: Buffer; signature: Buffer };
}

/** A device that was linked to a phone: what the server knows of it, and what it still has to get. */
export class Companion {
  readonly phone: Phone;
  readonly device: number;
  readonly noiseKey: Buffer;
  readonly keys: CompanionKeys;
  readonly mailbox: Mailbox;
  readonly linkedAt = Date.now();
  preKeys: { id: number; public: Buffer }[] = [];
  presence = 'unavailable';
  connection: Connection | undefined;
  introduced = false;
  logins = 0;

  constructor(phone: Phone, device: number, noiseKey: Buffer, keys: CompanionKeys, stats: Stats) {
    this.phone = phone;
    this.device = device;
    this.noiseKey = noiseKey;
    this.keys = keys;
    this.mailbox = new Mailbox(stats, phone.pn, device);
  }

  get address(): string {
    return `${this.phone.pn}.${this.device}`;
  }

  jid(addressing: Addressing): string {
    return this.phone.jid(addressing, this.device);
  }

  /** Uses up one of the uploaded pre-keys. */
  bundle(): Bundle {
    const preKey = this.preKeys.shift();
    this.connection?.preKeysLeft(this.preKeys.length);
    return { ...this.keys, preKey };
  }

  /** Forgets all but so many of the uploaded pre-keys, as if contacts had used them. */
  keepPreKeys(count: number): void {
    this.preKeys.splice(count);
    this.connection?.preKeysLeft(this.preKeys.length);
  }

  /** Queues a stanza that must not be lost, and writes it when the device is there. */
  deliver(node: Node): void {
    const pending = this.mailbox.add(node);
    this.connection?.write(pending);
  }

  /** Writes a stanza that nobody repeats: typing and presence. */
  whisper(node: Node): void {
    if (this.connection?.active) this.connection.send(node);
  }

  /** The account of this device as the API shows it. */
  describe() {
    return {
      device: this.device,
      jid: this.jid('pn'),
      lid: format(this.phone.lid, 'lid', this.device),
      connected: this.connection !== undefined,
      active: this.connection?.active ?? false,
      presence: this.presence,
      unacked: this.mailbox.size,
      preKeys: this.preKeys.length,
      logins: this.logins,
      linkedAt: this.linkedAt,
    };
  }
}
