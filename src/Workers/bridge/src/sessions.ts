import { SenderKeyState } from 'baileys/lib/Signal/Group/sender-key-state.js';
import { SenderMessageKey } from 'baileys/lib/Signal/Group/sender-message-key.js';
import * as libsignal from 'libsignal';
import { WhisperMessage } from 'libsignal/src/protobufs.js';

interface Session {
  indexInfo: { used: number };
  serialize(): object;
  getChain(key: Uint8Array): unknown;
}

interface Cipher {
  decryptWithSessions(data: Buffer, sessions: Session[]): Promise<{ session: Session; plaintext: Buffer }>;
  doDecryptWhisperMessage(data: Buffer, session: Session): Promise<Buffer>;
}

/**
 * Two devices often share several sessions, and libsignal tries a message on one after the other. Every attempt moves the
 * session's ratchet on before it knows whether the message was for it, and when another one fits, all of them are stored:
 * messages that follow on a session which was only tried are lost to it ("Bad MAC", "Chain closed"). Here a session that did not fit is
 * put back as it was, and the one that knows the message's chain is tried first.
 */
export function spareOtherSessions(): void {
  const cipher = libsignal.SessionCipher.prototype as unknown as Cipher;
  cipher.decryptWithSessions = async function (data, sessions) {
    for (const session of fittingFirst(data, sessions)) {
      const before = sessions.length > 1 ? session.serialize() : undefined;
      try {
        const plaintext = await this.doDecryptWhisperMessage(data, session);
        session.indexInfo.used = Date.now();
        return { session, plaintext };
      } catch {
        if (before)
          restore(session, before);
      }
    }
    throw new Error('No matching sessions found for message');
  };
}

/**
 * Baileys saves the keys of a group's messages that were skipped in a form that it cannot use again: a message that comes late, as those of the
 * offline queue do beside live ones, could not be decrypted.
 */
export function readSkippedGroupKeys(): void {
  const state = SenderKeyState.prototype;
  const { removeSenderMessageKey } = state;
  state.removeSenderMessageKey = function (iteration) {
    const keys = this.getStructure().senderMessageKeys;
    const at = keys.findIndex(key => key.iteration === iteration);
    if (at < 0 || Buffer.isBuffer(keys[at]!.seed))
      return removeSenderMessageKey.call(this, iteration);
    const [key] = keys.splice(at, 1);
    return new SenderMessageKey(iteration, Buffer.from(key!.seed));
  };
}

function fittingFirst(data: Buffer, sessions: Session[]): Session[] {
  if (sessions.length < 2)
    return sessions;
  const { ephemeralKey } = WhisperMessage.decode(data.subarray(1, -8));
  const fits = (session: Session): boolean => !!session.getChain(Buffer.from(ephemeralKey));
  return [...sessions.filter(fits), ...sessions.filter(session => !fits(session))];
}

function restore(session: Session, before: object): void {
  const { deserialize } = session.constructor as unknown as { deserialize(data: object): Session };
  Object.assign(session, deserialize.call(session.constructor, before));
}
