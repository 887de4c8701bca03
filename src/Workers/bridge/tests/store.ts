import assert from 'node:assert/strict';
import { initAuthCreds, type AuthenticationCreds } from 'baileys';
import { Refusal } from '../src/frames.ts';
import { KeyStore } from '../src/keys.ts';
import { Transactions } from '../src/transactions.ts';

export interface Asked {
  ev: string;
  body: any;
  answer(ok: any): void;
  refuse(code: string): void;
}

/** A store whose questions wait for the test to answer them. */
export function fixture(): { store: KeyStore; transactions: Transactions; creds: AuthenticationCreds; asked: Asked[]; lost: unknown[]; next(): Promise<Asked> } {
  const asked: Asked[] = [];
  const lost: unknown[] = [];
  let at = 0;
  const ask = <T>(ev: string, body: object): Promise<T> => new Promise<T>((resolve, reject) =>
    asked.push({ ev, body: JSON.parse(JSON.stringify(body)), answer: resolve, refuse: code => reject(new Refusal(code, 'No.')) }));
  const creds = initAuthCreds();
  const store = new KeyStore(ask, () => creds, error => lost.push(error));
  const next = async (): Promise<Asked> => {
    for (let turns = 0; asked.length <= at; turns++) {
      assert.ok(turns < 100, 'the store asked nothing');
      await new Promise(resolve => setImmediate(resolve));
    }
    return asked[at++]!;
  };
  return { store, transactions: new Transactions(store), creds, asked, lost, next };
}

export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** A Signal session as libsignal stores it, as far as it matters here, by the number of the last key that its sending chain gave; -1: none. */
export function sessionAt(counter: number, chain = 'chain', closed = -1): object {
  const chainKey = { counter, key: Buffer.alloc(32, 7).toString('base64') };
  return { _sessions: { base: { currentRatchet: { ephemeralKeyPair: { pubKey: chain } }, indexInfo: { closed }, _chains: { [chain]: { chainKey, messageKeys: {} } } } } };
}
