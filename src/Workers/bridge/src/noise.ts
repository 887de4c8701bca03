import { Curve } from 'baileys/lib/Utils/crypto.js';
import { makeNoiseHandler as makeBaileysNoiseHandler } from 'baileys/lib/Utils/noise-handler.js';
import { proto } from 'baileys/WAProto/index.js';
import { isSigned } from './signatures.ts';

/** The key that signs WhatsApp's certificates, as every WhatsApp Web client carries it. */
export const whatsAppRoot = Buffer.from('142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b', 'hex');
const rootSerial = 0;
const notGenuineCode = 495;

type Options = Parameters<typeof makeBaileysNoiseHandler>[0];
type Handler = ReturnType<typeof makeBaileysNoiseHandler>;

/** A logger that also says which root its connection trusts: the one thing of ours that reaches the noise handler. */
export interface Trust {
  trustedRoot?: Uint8Array;
}

/**
 * Takes the place of Baileys' noise handler (see build.mjs). Baileys never compares the key in the certificate with the
 * key that the server proves to hold, so anybody could show WhatsApp's public certificates beside a key of their own.
 * The handshake is Noise XX; the steps that change no rules are Baileys'.
 */
export function makeNoiseHandler(options: Options): Handler {
  const root = (options.logger as Trust).trustedRoot ?? whatsAppRoot;
  const own = options.keyPair.private;
  const handler = makeBaileysNoiseHandler(options);
  return {
    ...handler,
    processHandshake: ({ serverHello }, noiseKey) => {
      if (!serverHello?.ephemeral || !serverHello.static || !serverHello.payload)
        throw notGenuine('the server sent no complete greeting');
      handler.authenticate(serverHello.ephemeral);
      handler.mixIntoKey(Curve.sharedKey(own, serverHello.ephemeral));
      const serverKey = handler.decrypt(serverHello.static);
      handler.mixIntoKey(Curve.sharedKey(own, serverKey));
      verifyChain(handler.decrypt(serverHello.payload), serverKey, root);
      const sealed = handler.encrypt(noiseKey.public);
      handler.mixIntoKey(Curve.sharedKey(noiseKey.private, serverHello.ephemeral));
      return sealed;
    },
  };
}

/** Throws unless the root signed the intermediate, that signed the leaf, and the leaf is for the server's own key. */
export function verifyChain(encoded: Uint8Array, serverKey: Uint8Array, root: Uint8Array): void {
  const { intermediate, leaf } = proto.CertChain.decode(encoded);
  if (!intermediate?.details || !intermediate.signature || !leaf?.details || !leaf.signature)
    throw notGenuine('it is not complete');
  const { Details } = proto.CertChain.NoiseCertificate;
  const middle = Details.decode(intermediate.details);
  const end = Details.decode(leaf.details);
  if (middle.issuerSerial !== rootSerial || !isSigned(root, intermediate.details, intermediate.signature))
    throw notGenuine('the root did not sign it');
  if (!middle.key || end.issuerSerial !== middle.serial || !isSigned(middle.key, leaf.details, leaf.signature))
    throw notGenuine('the intermediate did not sign it');
  if (!end.key || !Buffer.from(end.key).equals(serverKey))
    throw notGenuine('it belongs to another server');
}

/** Ends a connection before our own key is shown to whoever is at its other end. */
class NotGenuine extends Error {
  readonly output = { statusCode: notGenuineCode };
}

function notGenuine(why: string): NotGenuine {
  return new NotGenuine(`The server's certificate is not genuine: ${why}.`);
}
