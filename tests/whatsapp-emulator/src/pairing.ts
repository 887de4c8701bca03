import { createHmac, randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { Companion, type CompanionKeys } from './companions.ts';
import type { Connection } from './connection.ts';
import { devicesChanged } from './devices.ts';
import type { Emulator } from './emulator.ts';
import { SERVER } from './jids.ts';
import { bare, sign, verify } from './keys.ts';
import { bytesOf, child, node, uint, type Node } from './nodes.ts';
import type { Phone } from './phones.ts';

const REFS = 6;
const ACCOUNT_SIGNATURE = Buffer.from([6, 0]);
const DEVICE_SIGNATURE = Buffer.from([6, 1]);
const ANSWER_MS = 15_000;

/** Said to whoever scans or types a code in vain. */
export class PairingError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Waiting {
  readonly connection: Connection;
  readonly keys: CompanionKeys;
  readonly refs: Set<string>;
  offered?: Offer;
}

interface Offer {
  readonly id: string;
  readonly phone: Phone;
  readonly device: number;
  readonly details: Buffer;
  readonly accountKey: Buffer;
  readonly resolve: (companion: Companion) => void;
  readonly reject: (error: PairingError) => void;
}

/** Devices that ask to be linked: shows them codes, and lets a phone accept one. */
export class Pairing {
  readonly #emulator: Emulator;
  readonly #waiting = new Map<Connection, Waiting>();

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  begin(connection: Connection, data: proto.ClientPayload.IDevicePairingRegistrationData): void {
    const keys: CompanionKeys = {
      registrationId: uint(data.eRegid!),
      identity: Buffer.from(bare(data.eIdent!)),
      signedPreKey: { id: uint(data.eSkeyId!), public: Buffer.from(data.eSkeyVal!), signature: Buffer.from(data.eSkeySig!) },
    };
    const refs = Array.from({ length: REFS }, () => `2@${randomBytes(48).toString('base64url')}`);
    this.#waiting.set(connection, { connection, keys, refs: new Set(refs) });
    this.#emulator.stats.count('pairingsStarted');
    connection.send(
      node('iq', { from: SERVER, type: 'set', id: connection.nextId(), xmlns: 'md' }, [
        node('pair-device', {}, refs.map(ref => node('ref', {}, Buffer.from(ref)))),
      ]),
    );
  }

  /** All codes that are on screens now become invalid. */
  expire(): number {
    let count = 0;
    for (const { refs } of this.#waiting.values()) {
      count += refs.size;
      refs.clear();
    }
    return count;
  }

  /** The phone scans the text of a QR code; resolves when the device is linked. */
  async scan(phone: Phone, text: string): Promise<Companion> {
    const parts = text.trim().replace(/^https?:\/\/[^#]*#/, '').split(',');
    const [ref = '', noiseKey = '', identity = '', secret = ''] = parts;
    if (parts.length < 4) throw new PairingError(400, 'This is not the text of a WhatsApp pairing code: it needs four or five parts separated by commas.');
    const waiting = [...this.#waiting.values()].find(each => each.refs.has(ref));
    if (!waiting) throw new PairingError(410, 'This pairing code is unknown, used or expired: show a new one and scan that.');
    if (!Buffer.from(noiseKey, 'base64').equals(waiting.connection.clientStatic) || !Buffer.from(identity, 'base64').equals(waiting.keys.identity)) {
      throw new PairingError(422, 'The keys in this pairing code are not those of the device that shows it.');
    }
    return this.offer(phone, waiting.connection, Buffer.from(secret, 'base64'));
  }

  /** Sends pair-success, signed by the account and sealed with the device's ADV secret. */
  async offer(phone: Phone, connection: Connection, secret: Buffer): Promise<Companion> {
    const waiting = this.#waiting.get(connection);
    if (!waiting) throw new PairingError(410, 'The device that asked to be linked is gone.');
    if (waiting.offered) throw new PairingError(409, 'This device is being linked already.');
    const device = phone.nextDevice++;
    const details = Buffer.from(
      proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: Math.floor(Date.now() / 1000), keyIndex: device }).finish(),
    );
    const signed = Buffer.concat([ACCOUNT_SIGNATURE, details, waiting.keys.identity]);
    const identity = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: phone.identity.public,
      accountSignature: this.#emulator.security.forgeAccountSignature ? randomBytes(64) : sign(phone.identity, signed),
    }).finish();
    const hmac = createHmac('sha256', secret).update(identity).digest();
    return new Promise<Companion>((resolve, reject) => {
      const id = connection.nextId();
      const timer = setTimeout(() => reject(new PairingError(504, 'The device did not answer the pairing.')), ANSWER_MS);
      waiting.offered = {
        id,
        phone,
        device,
        details,
        accountKey: phone.identity.public,
        resolve: companion => {
          clearTimeout(timer);
          resolve(companion);
        },
        reject: error => {
          clearTimeout(timer);
          reject(error);
        },
      };
      connection.send(
        node('iq', { from: SERVER, type: 'set', id, xmlns: 'md', t: Math.floor(Date.now() / 1000) }, [
          node('pair-success', {}, [
            node('device-identity', {}, proto.ADVSignedDeviceIdentityHMAC.encode({ details: identity, hmac }).finish()),
            node('biz', { name: phone.name }),
            node('platform', { name: 'smba' }),
            node('device', { jid: phone.jid('pn', device), lid: phone.jid('lid', device) }),
          ]),
        ]),
      );
    });
  }

  /** An iq result: the second half of a pairing, or nothing to do. */
  answered(connection: Connection, stanza: Node): void {
    const waiting = this.#waiting.get(connection);
    const offer = waiting?.offered;
    if (!waiting || !offer || stanza.attrs['id'] !== offer.id) return;
    const signed = proto.ADVSignedDeviceIdentity.decode(
      bytesOf(child(child(stanza, 'pair-device-sign'), 'device-identity')) ?? Buffer.alloc(0),
    );
    const message = Buffer.concat([DEVICE_SIGNATURE, offer.details, waiting.keys.identity, offer.accountKey]);
    if (!signed.deviceSignature || !verify(waiting.keys.identity, message, signed.deviceSignature)) {
      this.#emulator.stats.problem('a device signed its pairing wrongly');
      offer.reject(new PairingError(422, 'The device signed its pairing wrongly.'));
      connection.end(node('stream:error', { code: 401 }));
      return;
    }
    const companion = new Companion(offer.phone, offer.device, connection.clientStatic, waiting.keys, this.#emulator.stats);
    offer.phone.account = true;
    offer.phone.companions.set(offer.device, companion);
    devicesChanged(offer.phone, 'add', offer.device);
    this.#emulator.stats.count('pairings');
    this.#waiting.delete(connection);
    connection.end(node('stream:error', { code: 515 }));
    offer.resolve(companion);
  }

  forget(connection: Connection): void {
    const waiting = this.#waiting.get(connection);
    this.#waiting.delete(connection);
    waiting?.offered?.reject(new PairingError(422, 'The device refused the pairing and hung up.'));
  }
}
