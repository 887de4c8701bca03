import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { PROLOGUE } from './frames.ts';
import { agree, newKeyPair, KeyPair } from './keys.ts';

const NAME = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
const TAG = 16;
const NOTHING = Buffer.alloc(0);

function iv(counter: number): Buffer {
  const out = Buffer.alloc(12);
  out.writeUInt32BE(counter, 8);
  return out;
}

function seal(key: Uint8Array, counter: number, plaintext: Uint8Array, associated: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv(counter));
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, counter: number, sealed: Uint8Array, associated: Uint8Array): Buffer {
  const end = sealed.length - TAG;
  const decipher = createDecipheriv('aes-256-gcm', key, iv(counter));
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

function derive(salt: Uint8Array, input: Uint8Array): [Buffer, Buffer] {
  const out = Buffer.from(hkdfSync('sha256', input, salt, NOTHING, 64));
  return [out.subarray(0, 32), out.subarray(32)];
}

/** The keys after the handshake; counters run on their own in each direction, without associated data. */
export class Transport {
  readonly #fromClient: Buffer;
  readonly #toClient: Buffer;
  #received = 0;
  #sent = 0;

  constructor(fromClient: Buffer, toClient: Buffer) {
    this.#fromClient = fromClient;
    this.#toClient = toClient;
  }

  open(frame: Uint8Array): Buffer {
    return open(this.#fromClient, this.#received++, frame, NOTHING);
  }

  seal(payload: Uint8Array): Buffer {
    return seal(this.#toClient, this.#sent++, payload, NOTHING);
  }
}

/** What a client proved and asked for when the handshake ended. */
export interface Finished {
  readonly transport: Transport;
  readonly clientStatic: Buffer;
  readonly payload: proto.ClientPayload;
}

/** The server's half of Noise XX: `hello` answers the client's first frame, `finish` reads its second. */
export class Handshake {
  readonly #ephemeral = newKeyPair();
  readonly #static: KeyPair;
  readonly #certificate: Uint8Array;
  #hash: Buffer = NAME;
  #chain: Buffer = NAME;
  #key: Buffer = NAME;
  #counter = 0;

  constructor(serverStatic: KeyPair, certificate: Uint8Array) {
    this.#static = serverStatic;
    this.#certificate = certificate;
    this.#mixHash(PROLOGUE);
  }

  hello(frame: Uint8Array): Uint8Array {
    const client = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral;
    if (!client) throw new Error('the client hello has no ephemeral key');
    this.#mixHash(client);
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(agree(this.#ephemeral, client));
    const encryptedStatic = this.#seal(this.#static.public);
    this.#mixKey(agree(this.#static, client));
    const payload = this.#seal(this.#certificate);
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.public, static: encryptedStatic, payload },
    }).finish();
  }

  finish(frame: Uint8Array): Finished {
    const finish = proto.HandshakeMessage.decode(frame).clientFinish;
    if (!finish?.static || !finish.payload) throw new Error('the client finish has no static key or no payload');
    const clientStatic = this.#open(finish.static);
    this.#mixKey(agree(this.#ephemeral, clientStatic));
    const payload = proto.ClientPayload.decode(this.#open(finish.payload));
    const [fromClient, toClient] = derive(this.#chain, NOTHING);
    return { transport: new Transport(fromClient, toClient), clientStatic, payload };
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  #mixKey(secret: Uint8Array): void {
    [this.#chain, this.#key] = derive(this.#chain, secret);
    this.#counter = 0;
  }

  #seal(plaintext: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, plaintext, this.#hash);
    this.#mixHash(sealed);
    return sealed;
  }

  #open(sealed: Uint8Array): Buffer {
    const plaintext = open(this.#key, this.#counter++, sealed, this.#hash);
    this.#mixHash(sealed);
    return plaintext;
  }
}
