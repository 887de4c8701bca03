import { generateKeyPairSync, randomBytes, sign, createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const YEARS = 10;

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Uint8Array.of(tag, body.length), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Uint8Array.of(tag, 0x80 | length.length), length, body]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const bits = (content: Uint8Array) => der(0x03, Uint8Array.of(0), content);
const TRUE = Buffer.from('0101ff', 'hex');

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const COMMON_NAME = '550403';

function name(text: string): Buffer {
  return sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(text)))));
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), der(0x04, value));
}

const CA_EXTENSIONS = [
  extension('551d13', true, sequence(TRUE)),
  extension('551d0f', true, der(0x03, Uint8Array.of(1, 0x06))),
];

const SERVER_EXTENSIONS = [
  extension('551d13', true, sequence()),
  extension('551d25', false, sequence(oid('2b06010505070301'))),
  extension('551d11', false, sequence(der(0x87, Uint8Array.of(127, 0, 0, 1)), der(0x82, Buffer.from('localhost')))),
];

function certificate(subject: string, publicKey: KeyObject, issuer: string, signer: KeyObject, extensions: Buffer[]): string {
  const from = new Date(Date.now() - 24 * 3600_000);
  const until = new Date(from);
  until.setFullYear(until.getFullYear() + YEARS);
  const serial = randomBytes(16);
  serial[0]! &= 0x7f;
  serial[0]! |= 0x40;
  const body = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, serial),
    ECDSA_SHA256,
    name(issuer),
    sequence(time(from), time(until)),
    name(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions)),
  );
  const signed = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, signer)));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }) as string;
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export interface ServerCertificate {
  /** path of the CA, for NODE_EXTRA_CA_CERTS */
  readonly caPath: string;
  readonly cert: string;
  readonly key: string;
}

/** Finds or makes a small CA in a folder, and a fresh certificate of it for 127.0.0.1 and localhost. */
export function serverCertificate(folder: string): ServerCertificate {
  mkdirSync(folder, { recursive: true });
  const caPath = join(folder, 'ca.pem');
  const keyPath = join(folder, 'ca.key');
  const issuer = 'WhatsApp emulator';
  if (!existsSync(caPath) || !existsSync(keyPath)) {
    const ca = newKey();
    writeFileSync(keyPath, pem(ca.privateKey), { mode: 0o600 });
    writeFileSync(caPath, certificate(issuer, ca.publicKey, issuer, ca.privateKey, CA_EXTENSIONS));
  }
  const signer = createPrivateKey(readFileSync(keyPath));
  const leaf = newKey();
  const cert = certificate('127.0.0.1', leaf.publicKey, issuer, signer, SERVER_EXTENSIONS);
  return { caPath, cert, key: pem(leaf.privateKey) };
}
