import type { AccountView } from '../contracts.g.ts';
import type { Link } from '../live/connection.ts';

/** `send`: at once. `queue`: kept here until the server hears us. `wait`: write, and send when the number is back. `no`: a person has to act first. */
export type Readiness = 'send' | 'queue' | 'wait' | 'no';

export interface Ready {
  readonly readiness: Readiness;
  /** The key of the sentence that says so; nothing when all is well. */
  readonly note: string | null;
}

/** Whether a text for this account can be sent now, and what to say about it. The server refuses whatever is not connected. */
export function ready(account: AccountView | undefined, link: Link, isOnline: boolean): Ready {
  if (!account) return { readiness: 'no', note: 'composer.gone' };
  const { status, retryAt } = account.session;
  if (status === 'connecting' || (status === 'disconnected' && retryAt !== null)) return { readiness: 'wait', note: 'composer.wait' };
  if (status !== 'connected') return { readiness: 'no', note: `composer.${status}` };
  if (link === 'on') return { readiness: 'send', note: null };
  return { readiness: 'queue', note: !isOnline ? 'composer.browser' : link === 'off' ? 'composer.server' : null };
}
