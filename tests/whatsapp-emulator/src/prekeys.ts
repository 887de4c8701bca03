import { randomBytes } from 'node:crypto';
import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { bare } from './keys.ts';
import { bigEndian, bytesOf, child, children, node, uint, type Node } from './nodes.ts';
import type { Bundle } from './signal/session.ts';

/** The parts of a key bundle in the order in which WhatsApp sends them. */
export function bundleNodes(bundle: Bundle, forgedSignature = false): Node[] {
  const { signedPreKey, preKey } = bundle;
  return [
    node('type', {}, Uint8Array.of(5)),
    node('identity', {}, bare(bundle.identity)),
    ...(preKey ? [node('key', {}, [node('id', {}, bigEndian(preKey.id, 3)), node('value', {}, bare(preKey.public))])] : []),
    node('skey', {}, [
      node('id', {}, bigEndian(signedPreKey.id, 3)),
      node('value', {}, bare(signedPreKey.public)),
      node('signature', {}, forgedSignature ? randomBytes(64) : signedPreKey.signature),
    ]),
  ];
}

export function readSignedPreKey(skey: Node | undefined) {
  return {
    id: uint(bytesOf(skey, 'id')),
    public: bytesOf(skey, 'value') ?? Buffer.alloc(0),
    signature: bytesOf(skey, 'signature') ?? Buffer.alloc(0),
  };
}

/** `<key>` requests: a bundle for each device, which costs each of them a one-time key. */
export function giveKeys(emulator: Emulator, connection: Connection, request: Node): void {
  const users = children(child(request, 'key'), 'user').map(user => {
    const jid = user.attrs['jid'] ?? '';
    const target = emulator.world.target(jid);
    if (!target) return node('user', { jid }, [node('error', { code: 404, text: 'item-not-found' })]);
    const bundle = (target.companion ?? target.phone).bundle();
    return node('user', { jid }, [
      node('registration', {}, bigEndian(bundle.registrationId, 4)),
      ...bundleNodes(bundle, emulator.security.forgeSignedPreKey),
    ]);
  });
  connection.reply(request, [node('list', {}, users)]);
}

/** A client uploads new one-time keys, with everything else that belongs to its bundle. */
export function takeKeys(connection: Connection, request: Node): void {
  const { companion } = connection;
  if (!companion) return;
  const identity = bytesOf(request, 'identity');
  if (identity) companion.keys.identity = identity;
  companion.keys.registrationId = uint(bytesOf(request, 'registration'));
  companion.keys.signedPreKey = readSignedPreKey(child(request, 'skey'));
  const known = new Set(companion.preKeys.map(each => each.id));
  for (const key of children(child(request, 'list'), 'key')) {
    const id = uint(bytesOf(key, 'id'));
    const value = bytesOf(key, 'value');
    if (value && !known.has(id)) companion.preKeys.push({ id, public: value });
  }
  connection.preKeysFilled();
  connection.reply(request);
}

export function rotateKey(connection: Connection, request: Node): void {
  const skey = child(child(request, 'rotate'), 'skey');
  if (connection.companion && skey) connection.companion.keys.signedPreKey = readSignedPreKey(skey);
  connection.reply(request);
}
