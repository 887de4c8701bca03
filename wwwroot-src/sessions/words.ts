import type { AccountView } from '../contracts.g.ts';
import { doubted } from '../health/health.ts';
import { has, t } from '../texts/texts.ts';
import { ago, left } from '../times/times.ts';
import { stateOf } from './overall.ts';

/** A status is never shown without its reason, its age and what to do. */
export interface Words {
  readonly status: string;
  readonly reason: string;
  readonly action: string;
  readonly age: string;
}

export function words(account: AccountView, now: number): Words {
  const { session } = account;
  const state = stateOf(account, doubted());
  return {
    status: t(`status.${state}`),
    reason: state === 'unproven' ? t('reason.unproven') : reason(session.reason, session.lastError, session.status === 'error' || session.status === 'disconnected'),
    action: session.action === 'none' || session.action === 'wait' ? retry(session.retryAt, now) : t(`action.${session.action}`),
    age: session.status === 'connected' && session.lastProofAt !== null ? t('status.proven', ago(session.lastProofAt, now)) : t('status.since', ago(session.since, now)),
  };
}

function reason(code: string, lastError: string | null, isFault: boolean): string {
  const known = code === 'none' ? '' : has(`reason.${code}`) ? t(`reason.${code}`) : code;
  // What is missing has a name and a path: only the server that looked for it can say it.
  if (code === 'bridge_refused' && lastError) return `${known} ${lastError}`;
  return isFault && code === 'unknown' && lastError ? lastError : known;
}

const retry = (at: number | null, now: number): string => (at === null ? '' : at > now ? t('action.retry-in', left(at, now)) : t('action.retry-now'));
