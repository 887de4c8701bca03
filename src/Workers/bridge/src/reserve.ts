import { createHmac } from 'node:crypto';

/** A Signal session record as libsignal serializes it, as far as it is of interest here. */
interface SessionRecord {
  _sessions: Record<string, {
    currentRatchet: { ephemeralKeyPair: { pubKey: string } };
    indexInfo: { closed: number };
    _chains: Record<string, Chain>;
  }>;
}

interface Chain {
  /** The number of the last key that was taken from it, from -1 on, and what the next is made of, base64. */
  chainKey: { counter: number; key?: string };
}

/** A place further on in a session's sending chain, from which whoever reads the record from the database goes on. */
export interface Reserve {
  /** The chain's ephemeral public key, base64. */
  chain: string;
  counter: number;
  key: string;
  /** The last key that the chain has given, when this was set aside. */
  used: number;
}

/** Keys that are set aside for messages, and how many of them must be left for the next time. */
const keysAhead = 8;
const keysLeft = 4;

/** What makes the next chain key of one (the Double Ratchet, section 5.2). */
const step = Buffer.from([2]);

/**
 * The record as it is to be stored: its sending chain stands some keys further on than it does in memory. A message that takes one of those keys may
 * leave before it is stored that it did, because whoever reads the record after a crash goes on behind them. For the other side the keys
 * that nobody used are those of messages that were lost on the way (the Double Ratchet, section 2.6).
 */
export function withReserve(record: unknown, before: Reserve | undefined): { stored: unknown; reserve?: Reserve } {
  const sending = sendingChainOf(record);
  if (!sending)
    return { stored: record };
  const { id, name, chain } = sending;
  const reserve = advanced(name, chain, before);
  const { _sessions } = record as SessionRecord;
  const session = _sessions[id]!;
  const chainKey = { counter: reserve.counter, key: reserve.key };
  return {
    stored: { ...record as object, _sessions: { ..._sessions, [id]: { ...session, _chains: { ...session._chains, [name]: { ...chain, chainKey } } } } },
    reserve,
  };
}

/** What is set aside in a record that was just read: nothing is left of it. */
export function reserveOf(record: unknown): Reserve | undefined {
  const sending = sendingChainOf(record);
  if (!sending)
    return undefined;
  const { counter, key } = sending.chain.chainKey;
  return { chain: sending.name, counter, key: key!, used: counter };
}

/** Every key that the record's sending chain has given is one of those that were set aside. */
export function isCovered(record: unknown, reserve: Reserve | undefined): boolean {
  const sending = reserve && sendingChainOf(record);
  return !!sending && sending.name === reserve.chain && sending.chain.chainKey.counter <= reserve.counter;
}

/** Sets keys aside for a chain that is new, or has given some: what only receives stays where it is. */
function advanced(name: string, { chainKey }: Chain, before: Reserve | undefined): Reserve {
  const used = chainKey.counter;
  const known = before?.chain === name && before.counter >= used ? before : undefined;
  if (known && (known.used === used || known.counter - used >= keysLeft))
    return { ...known, used };
  let { counter, key } = known ?? { counter: used, key: chainKey.key! };
  for (; counter < used + keysAhead; counter++)
    key = createHmac('sha256', Buffer.from(key, 'base64')).update(step).digest('base64');
  return { chain: name, counter, key, used };
}

// libsignal encrypts with the first session that is not closed.
function sendingChainOf(record: unknown): { id: string; name: string; chain: Chain } | undefined {
  const sessions = (record as Partial<SessionRecord> | null)?._sessions ?? {};
  for (const id in sessions) {
    const { currentRatchet, indexInfo, _chains } = sessions[id]!;
    if (indexInfo.closed !== -1)
      continue;
    const name = currentRatchet.ephemeralKeyPair.pubKey;
    const chain = _chains[name];
    return chain?.chainKey.key ? { id, name, chain } : undefined;
  }
  return undefined;
}
