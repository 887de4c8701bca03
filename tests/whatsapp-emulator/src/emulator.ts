import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { proto } from 'baileys/WAProto/index.js';
import { CertificateChain, type ChainForgery } from './chain.ts';
import { Connection } from './connection.ts';
import type { Faults } from './faults.ts';
import { Groups } from './groups.ts';
import { introduce } from './history.ts';
import { answer } from './iqs.ts';
import { LinkCodes } from './linkcode.ts';
import { logIn } from './login.ts';
import { Media } from './media.ts';
import { fromClient as message } from './messages.ts';
import { child, type Node } from './nodes.ts';
import { Handshake } from './noise.ts';
import { Pairing } from './pairing.ts';
import { acknowledged, fromClient as receipt } from './receipts.ts';
import { Stats } from './stats.ts';
import { chatstate, presence } from './typing.ts';
import { World } from './world.ts';

/** What an attacker in the middle would change; everything is right by default. */
export interface Security {
  forgeChain: ChainForgery;
  forgeAccountSignature: boolean;
  forgeSignedPreKey: boolean;
}

export interface EmulatorOptions {
  /** seed of the Noise root; random when left out */
  rootSeed?: Buffer;
}

/** A device announces its new name as soon as it is paired, and acknowledges the notification of a pairing code. */
const WHILE_PAIRING = new Set(['presence', 'ib', 'ack']);

/** The whole emulated WhatsApp: server, phones and what goes wrong. */
export class Emulator {
  readonly stats = new Stats();
  readonly world = new World();
  readonly pairing = new Pairing(this);
  readonly linkCodes = new LinkCodes(this);
  readonly groups = new Groups();
  readonly media = new Media(this);
  readonly chain: CertificateChain;
  readonly faults = new Map<string, Faults>();
  readonly connections = new Set<Connection>();
  readonly security: Security = { forgeChain: false, forgeAccountSignature: false, forgeSignedPreKey: false };
  reachable = true;
  port = 0;

  constructor(options: EmulatorOptions = {}) {
    this.chain = new CertificateChain(options.rootSeed);
  }

  faultsOf(pn: string): Faults {
    return this.faults.get(pn) ?? {};
  }

  connect(socket: WebSocket, wire: Duplex): void {
    this.stats.count('connections');
    this.connections.add(new Connection(this, socket, wire));
  }

  newHandshake(): Handshake {
    return new Handshake(this.chain.serverStatic, this.chain.encode(this.security.forgeChain));
  }

  shookHands(connection: Connection, payload: proto.ClientPayload): void {
    if (payload.devicePairingData) this.pairing.begin(connection, payload.devicePairingData);
    else logIn(this, connection, payload);
    this.stats.changed();
  }

  received(connection: Connection, stanza: Node, receivedAt: number): void {
    if (stanza.tag === 'iq') {
      if (stanza.attrs['type'] === 'get' || stanza.attrs['type'] === 'set') answer(this, connection, stanza);
      else this.pairing.answered(connection, stanza);
    } else if (!connection.companion) {
      if (!WHILE_PAIRING.has(stanza.tag)) this.stats.problem(`a client that is not logged in sent <${stanza.tag}>`);
    } else {
      this.#stanza(connection, stanza, receivedAt);
    }
    this.stats.changed();
  }

  opened(connection: Connection): void {
    const { companion } = connection;
    if (companion && !companion.introduced) {
      companion.introduced = true;
      introduce(this, companion);
    }
    this.stats.changed();
  }

  closed(connection: Connection): void {
    this.connections.delete(connection);
    this.linkCodes.forget(connection);
    this.pairing.forget(connection);
    const { companion } = connection;
    if (companion?.connection === connection) {
      companion.connection = undefined;
      companion.presence = 'unavailable';
    }
    this.stats.changed();
  }

  #stanza(connection: Connection, stanza: Node, receivedAt: number): void {
    switch (stanza.tag) {
      case 'message':
        return message(this, connection, stanza, receivedAt);
      case 'receipt':
        return receipt(this, connection, stanza, receivedAt);
      case 'ack':
        return acknowledged(this, connection, stanza);
      case 'presence':
        return presence(this, connection, stanza);
      case 'chatstate':
        return chatstate(this, connection, stanza, receivedAt);
      case 'ib':
        if (child(stanza, 'offline_batch')) connection.sendOffline();
        return;
      default:
        this.stats.problem(`an unknown stanza <${stanza.tag}> arrived`);
    }
  }
}
