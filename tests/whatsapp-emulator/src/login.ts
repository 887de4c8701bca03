import { randomBytes } from 'node:crypto';
import type { proto } from 'baileys/WAProto/index.js';
import { seconds } from './clock.ts';
import type { Companion } from './companions.ts';
import type { Connection } from './connection.ts';
import type { Emulator } from './emulator.ts';
import { SERVER } from './jids.ts';
import { node } from './nodes.ts';

const UNAUTHORIZED = 401;

/** Clients put it before their prologue when they come again. */
const ROUTE = randomBytes(9);

export function logIn(emulator: Emulator, connection: Connection, payload: proto.ClientPayload): void {
  const pn = String(payload.username ?? '');
  const phone = emulator.world.get(pn);
  const companion = phone?.companions.get(payload.device ?? 0);
  const { loginFailure } = emulator.faultsOf(pn);
  if (loginFailure !== undefined) {
    refuse(emulator, connection, loginFailure);
  } else if (!companion || !companion.noiseKey.equals(connection.clientStatic)) {
    refuse(emulator, connection, UNAUTHORIZED);
  } else {
    accept(emulator, connection, companion);
  }
}

/** A second login with the same keys ends the first. */
function accept(emulator: Emulator, connection: Connection, companion: Companion): void {
  companion.connection?.end(node('stream:error', {}, [node('conflict', { type: 'replaced' })]));
  companion.connection = connection;
  companion.logins += 1;
  connection.companion = companion;
  emulator.stats.count('logins');
  connection.send(
    node('success', {
      t: seconds(),
      creation: Math.floor(companion.linkedAt / 1000),
      lid: companion.jid('lid'),
      props: 2,
      companion_enc_static: 'none',
      location: 'lla',
    }),
  );
  connection.send(node('ib', { from: SERVER }, [node('edge_routing', {}, [node('routing_info', {}, ROUTE)])]));
}

function refuse(emulator: Emulator, connection: Connection, reason: number): void {
  emulator.stats.count('loginsRefused');
  connection.end(node('failure', { reason, location: 'lla' }));
}
