import type { AccountView } from '../contracts.g.ts';

/** `checking`: not known yet. `none`: no number is linked here. */
export type Overall = 'ok' | 'down' | 'checking' | 'none';

const nobody: ReadonlySet<string> = new Set();

/** Which of the faults it is; they are never mixed up. `database`: the server answers, but can't reach what it knows. */
export type Fault = 'browser' | 'server' | 'database' | 'accounts' | null;

export interface Verdict {
  readonly overall: Overall;
  readonly fault: Fault;
  readonly down: readonly AccountView[];
}

/**
 * Green is a promise: this browser hears the server now, and every number that this person sees is proven connected. A number that
 * somebody stopped is not connected either: it is named as stopped, but nothing is green that does not receive.
 * `isFresh` is true until the first connection was made or failed; `isBroken` when the server says that its database does not answer; `doubted` names
 * the numbers that nobody keeps alive.
 */
export function verdict(live: 'on' | 'late' | 'off', isOnline: boolean, isFresh: boolean, accounts: readonly AccountView[], isBroken = false, doubted: ReadonlySet<string> = nobody): Verdict {
  const down = accounts.filter((account) => account.session.status !== 'connected' || doubted.has(account.instanceId));
  if (live !== 'on') return isFresh && isOnline ? { overall: 'checking', fault: null, down } : { overall: 'down', fault: isOnline ? 'server' : 'browser', down };
  if (!isOnline) return { overall: 'down', fault: 'browser', down };
  if (isBroken) return { overall: 'down', fault: 'database', down };
  if (accounts.length === 0) return { overall: 'none', fault: null, down };
  return down.length === 0 ? { overall: 'ok', fault: null, down } : { overall: 'down', fault: 'accounts', down };
}

/** How a number that is not connected is named: each kind of not being connected has its own word. */
export function stateOf({ isActive, instanceId, session }: AccountView, doubted: ReadonlySet<string> = nobody): string {
  if (session.status === 'connected') return doubted.has(instanceId) ? 'unproven' : 'connected';
  return isActive ? session.status : 'stopped';
}

/** `+40 **** 1397`: enough to know which number it is. Countries' prefixes have one to three digits. */
export function masked(phone: string): string {
  const digits = phone.replace(/\D/gu, '');
  return digits.length < 7 ? '****' : `+${digits.slice(0, prefixLength(digits))} **** ${digits.slice(-4)}`;
}

/** The whole number, cut for the eye. */
export function spaced(phone: string): string {
  const digits = phone.replace(/\D/gu, '');
  const prefix = prefixLength(digits);
  return `+${digits.slice(0, prefix)} ${digits.slice(prefix).replace(/\d{3}(?=\d{2,})/gu, '$& ')}`;
}

// ITU E.164: 1 and 7 stand alone, these two-digit codes exist, every other code has three.
const twoDigits = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

function prefixLength(digits: string): number {
  return /^[17]/.test(digits) ? 1 : twoDigits.test(digits) ? 2 : 3;
}
