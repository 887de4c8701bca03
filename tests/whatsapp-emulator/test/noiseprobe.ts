import { once } from 'node:events';
import { proto } from 'baileys';
import { makeNoiseHandler } from 'baileys/lib/Utils/noise-handler.js';
import { Curve } from 'baileys/lib/Utils/crypto.js';
import pino from 'pino';
import { WebSocket } from 'ws';
import { frame, PROLOGUE } from '../src/frames.ts';

/** Goes just far enough into the handshake to read the certificate chain. */
export class NoiseProbe {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async chain(): Promise<proto.CertChain> {
    const socket = new WebSocket(this.#url);
    await once(socket, 'open');
    const pair = Curve.generateKeyPair();
    const noise = makeNoiseHandler({ keyPair: pair, NOISE_HEADER: PROLOGUE, logger: pino({ level: 'silent' }) });
    const hello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: pair.public } }).finish();
    socket.send(Buffer.concat([PROLOGUE, frame(hello)]));
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.terminate();
    const { serverHello } = proto.HandshakeMessage.decode(answer.subarray(3));
    noise.authenticate(serverHello!.ephemeral!);
    noise.mixIntoKey(Curve.sharedKey(pair.private, serverHello!.ephemeral!));
    const serverStatic = noise.decrypt(serverHello!.static!);
    noise.mixIntoKey(Curve.sharedKey(pair.private, serverStatic));
    return proto.CertChain.decode(noise.decrypt(serverHello!.payload!));
  }
}
