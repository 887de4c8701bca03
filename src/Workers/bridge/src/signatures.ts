import { Curve, proto } from 'baileys';
import * as libsignal from 'libsignal';
import curve from 'libsignal/src/curve.js';
import { calculateSignature as sign, verifySignature } from 'whatsapp-rust-bridge';
import { verifyChain } from './noise.ts';

/**
 * Closes two holes of the packages, for everything in this process:
 *
 * - Baileys' `Curve.verify` calls a function that answers false for a forged signature and only looks whether it throws,
 *   so it accepts every signature of the right length: the account's signature of a pairing among them.
 * - libsignal asks for the signed prekey of a new session to be verified with a flag that switches the check off.
 */
export function closeSignatureHoles(): void {
  Curve.verify = (key, message, signature) => isSigned(key, message, signature);
  curve.verifySignature = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
    if (!isSigned(key, message, signature))
      throw new Error('The signature of a key is not genuine.');
    return true;
  };
}

/** Whether `signature` over `message` was made by the owner of `key` (32 bytes, or 33 with the type in front). */
export function isSigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const bare = key.length === 33 ? key.subarray(1) : key;
  if (bare.length !== 32 || signature.length !== 64)
    return false;
  try {
    return verifySignature(bare, message, signature);
  } catch {
    return false;
  }
}

/** Tries genuine and forged signatures on everything that must tell them apart; resolves with what did not, if anything. */
export async function findOpenHole(): Promise<string | undefined> {
  const owner = Curve.generateKeyPair();
  const message = Buffer.from('signed by the owner');
  const genuine = sign(owner.private, message);
  const forged = Buffer.from(genuine);
  forged[7]! ^= 1;

  if (!Curve.verify(owner.public, message, genuine))
    return 'a genuine signature is refused';
  if (Curve.verify(owner.public, message, forged))
    return 'a forged signature is accepted';
  if (!chainHolds(owner, true))
    return 'a genuine certificate chain is refused';
  if (chainHolds(owner, false))
    return 'a forged certificate chain is accepted';
  if (!(await opensSession(false)))
    return 'a genuine signed prekey is refused';
  if (await opensSession(true))
    return 'a forged signed prekey is accepted';
  return undefined;
}

function chainHolds(root: { private: Uint8Array; public: Uint8Array }, genuine: boolean): boolean {
  const intermediate = Curve.generateKeyPair();
  const server = Curve.generateKeyPair();
  const { Details } = proto.CertChain.NoiseCertificate;
  const middle = Details.encode({ serial: 1, issuerSerial: 0, key: intermediate.public }).finish();
  const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: server.public }).finish();
  const chain = proto.CertChain.encode({
    intermediate: { details: middle, signature: sign(genuine ? root.private : server.private, middle) },
    leaf: { details: leaf, signature: sign(intermediate.private, leaf) },
  }).finish();
  try {
    verifyChain(chain, server.public, root.public);
    return true;
  } catch {
    return false;
  }
}

async function opensSession(forged: boolean): Promise<boolean> {
  const us = curve.generateKeyPair();
  const them = curve.generateKeyPair();
  const signed = curve.generateKeyPair();
  const signature = sign(them.privKey, signed.pubKey);
  if (forged)
    signature[9]! ^= 1;
  const storage = {
    isTrustedIdentity: () => true,
    getOurIdentity: () => us,
    loadSession: () => undefined,
    storeSession: () => undefined,
  };
  try {
    await new libsignal.SessionBuilder(storage as never, new libsignal.ProtocolAddress('self-check', 0)).initOutgoing({
      registrationId: 1,
      identityKey: them.pubKey,
      signedPreKey: { keyId: 1, publicKey: signed.pubKey, signature },
      preKey: { keyId: 1, publicKey: curve.generateKeyPair().pubKey },
    });
    return true;
  } catch {
    return false;
  }
}
