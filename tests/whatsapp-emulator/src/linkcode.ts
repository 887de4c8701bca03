import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Companion } from './companions.ts';
import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { digits, SERVER } from './jids.ts';
import { agree, newKeyPair, KeyPair } from './keys.ts';
import { bytesOf, child, node, type Node } from './nodes.ts';
import { PairingError } from './pairing.ts';
import type { Phone } from './phones.ts';

const ITERATIONS = 2 << 16;
const ANSWER_MS = 15_000;
const stretch = promisify(pbkdf2);

/** A device that shows a pairing code and waits for the phone of a number to type it. */
interface Hello {
  readonly ref: string;
  readonly pn: string;
  readonly wrapped: Buffer;
  accepted?: {
    readonly phone: Phone;
    readonly ephemeral: KeyPair;
    readonly companionEphemeral: Buffer;
    readonly resolve: (secret: Buffer) => void;
    readonly reject: (error: PairingError) => void;
  };
}

const wrongCode = () => new PairingError(422, 'This is not the code that the device shows.');

/** Pairing by a code of eight characters instead of a QR code. */
export class LinkCodes {
  readonly #emulator: Emulator;
  readonly #hellos = new Map<Connection, Hello>();

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  answer(connection: Connection, request: Node): void {
    const registration = child(request, 'link_code_companion_reg');
    switch (registration?.attrs['stage']) {
      case 'companion_hello':
        return this.#hello(connection, request, registration);
      case 'companion_finish':
        return this.#finish(connection, request, registration);
      default:
        connection.refuse(request, 400, 'bad-request');
    }
  }

  /** The phone types the code; resolves when the device is linked. */
  async accept(phone: Phone, code: string): Promise<Companion> {
    const [connection, hello] = [...this.#hellos].find(([, each]) => each.pn === phone.pn) ?? [];
    if (!connection || !hello) throw new PairingError(404, `No device waits for a pairing code of ${phone.pn}.`);
    if (hello.accepted) throw new PairingError(409, 'A code is being checked already.');
    const characters = code.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
    const companionEphemeral = await unwrap(characters, hello.wrapped);
    const ephemeral = newKeyPair();
    const wrapped = await wrap(characters, ephemeral.public);
    const secret = await new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => {
        delete hello.accepted;
        reject(new PairingError(504, 'The device did not answer the pairing code.'));
      }, ANSWER_MS);
      hello.accepted = {
        phone,
        ephemeral,
        companionEphemeral,
        resolve: value => (clearTimeout(timer), resolve(value)),
        reject: error => (clearTimeout(timer), reject(error)),
      };
      connection.send(
        node('notification', { from: SERVER, type: 'link_code_companion_reg', id: connection.nextId(), t: Math.floor(Date.now() / 1000) }, [
          node('link_code_companion_reg', { stage: 'primary_hello' }, [
            node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
            node('primary_identity_pub', {}, phone.identity.public),
            node('link_code_pairing_ref', {}, Buffer.from(hello.ref)),
          ]),
        ]),
      );
    });
    this.#hellos.delete(connection);
    return this.#emulator.pairing.offer(phone, connection, secret);
  }

  forget(connection: Connection): void {
    this.#hellos.get(connection)?.accepted?.reject(new PairingError(422, 'The device hung up while it was paired.'));
    this.#hellos.delete(connection);
  }

  #hello(connection: Connection, request: Node, registration: Node): void {
    const hello: Hello = {
      ref: randomBytes(16).toString('base64url'),
      pn: digits(registration.attrs['jid'] ?? ''),
      wrapped: bytesOf(registration, 'link_code_pairing_wrapped_companion_ephemeral_pub') ?? Buffer.alloc(0),
    };
    this.#hellos.set(connection, hello);
    connection.reply(request, [
      node('link_code_companion_reg', { stage: 'companion_hello' }, [node('link_code_pairing_ref', {}, Buffer.from(hello.ref))]),
    ]);
  }

  /** The device sends its keys, sealed with what only the holder of the code could agree on. */
  #finish(connection: Connection, request: Node, registration: Node): void {
    const hello = this.#hellos.get(connection);
    const accepted = hello?.accepted;
    if (!hello || !accepted || bytesOf(registration, 'link_code_pairing_ref')?.toString() !== hello.ref) {
      connection.refuse(request, 400, 'bad-request');
      return;
    }
    delete hello.accepted;
    const identity = bytesOf(registration, 'companion_identity_public') ?? Buffer.alloc(32);
    const bundle = bytesOf(registration, 'link_code_pairing_wrapped_key_bundle') ?? Buffer.alloc(0);
    let secret: Buffer;
    try {
      const shared = agree(accepted.ephemeral, accepted.companionEphemeral);
      const random = openBundle(bundle, shared, identity, accepted.phone.identity.public);
      const input = Buffer.concat([shared, agree(accepted.phone.identity, identity), random]);
      secret = Buffer.from(hkdfSync('sha256', input, Buffer.alloc(0), 'adv_secret', 32));
    } catch {
      connection.refuse(request, 401, 'not-authorized');
      accepted.reject(wrongCode());
      return;
    }
    connection.reply(request);
    accepted.resolve(secret);
  }
}

async function unwrap(code: string, wrapped: Buffer): Promise<Buffer> {
  if (wrapped.length !== 80) throw new PairingError(422, 'The device sent a malformed pairing key.');
  const key = await stretch(code, wrapped.subarray(0, 32), ITERATIONS, 32, 'sha256');
  return createDecipheriv('aes-256-ctr', key, wrapped.subarray(32, 48)).update(wrapped.subarray(48));
}

async function wrap(code: string, plaintext: Buffer): Promise<Buffer> {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const key = await stretch(code, salt, ITERATIONS, 32, 'sha256');
  return Buffer.concat([salt, iv, createCipheriv('aes-256-ctr', key, iv).update(plaintext)]);
}

function openBundle(bundle: Buffer, shared: Buffer, companion: Buffer, primary: Buffer): Buffer {
  const key = hkdfSync('sha256', shared, bundle.subarray(0, 32), 'link_code_pairing_key_bundle_encryption_key', 32);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key), bundle.subarray(32, 44));
  decipher.setAuthTag(bundle.subarray(-16));
  const plaintext = Buffer.concat([decipher.update(bundle.subarray(44, -16)), decipher.final()]);
  if (!plaintext.subarray(0, 32).equals(companion) || !plaintext.subarray(32, 64).equals(primary)) throw wrongCode();
  return plaintext.subarray(64);
}
