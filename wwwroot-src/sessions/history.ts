import type { AttemptView, GapView, NoticeView, TransitionView } from '../contracts.g.ts';
import { has, t } from '../texts/texts.ts';
import { clock, instant, lasting, moment } from '../times/times.ts';

/** One line of an account's past. */
export interface Line {
  readonly at: number;
  readonly when: string;
  readonly what: string;
  readonly why: string;
  readonly tone: 'good' | 'bad' | 'plain';
}

const tone = (status: string): Line['tone'] => (status === 'connected' ? 'good' : status === 'disconnected' || status === 'error' ? 'bad' : 'plain');

const reason = (code: string): string => (code === 'none' ? '' : has(`reason.${code}`) ? t(`reason.${code}`) : code);

/** What a reason leaves open: in the reader's language where it has one meaning, otherwise as it came. */
const rest = (detail: string): string => (has(`detail.${detail}`) ? t(`detail.${detail}`) : detail);

/** Most tries are over before a second is. */
const took = (milliseconds: number): string => (milliseconds < 10_000 ? t('time.lasting-seconds', (milliseconds / 1000).toFixed(1)) : lasting(milliseconds));

/** Every change of status, with its cause in words. */
export const changes = (transitions: readonly TransitionView[], now: number): Line[] =>
  transitions.map(({ at, to, reason: code, detail }) => ({
    at,
    when: instant(at, now),
    what: t(`status.${to}`),
    why: [reason(code), detail && detail !== reason(code) ? rest(detail) : ''].filter(Boolean).join(' '),
    tone: tone(to),
  }));

/** Every try to come back: why, how long it took, how it ended. */
export const attempts = (tries: readonly AttemptView[], now: number): Line[] =>
  tries.map(({ at, cause, isTeardown, endedAt, outcome, endReason }) => ({
    at,
    when: instant(at, now),
    what: t(`attempt.${outcome}`, took((endedAt ?? now) - at)),
    why: [reason(cause), isTeardown ? t('attempt.teardown') : '', endReason && endReason !== cause ? t('attempt.ended', reason(endReason)) : ''].filter(Boolean).join(' '),
    tone: outcome === 'connected' ? 'good' : outcome === 'failed' ? 'bad' : 'plain',
  }));

/** Every time without connection, and what WhatsApp had kept of it. */
export const gaps = (times: readonly GapView[], now: number): Line[] =>
  times.map(({ from, to, reason: code, repaired, unknown }) => ({
    at: from,
    when: moment(from, now),
    what: to === null ? t('gap.lasts', lasting(now - from)) : t('gap.was', clock(from), clock(to), repaired, unknown),
    why: reason(code),
    tone: to === null || unknown > 0 ? 'bad' : 'plain',
  }));

/** What WhatsApp says about an account while it works, as long as it is true. */
export const notices = (given: readonly NoticeView[], now: number): string[] =>
  given.filter(({ until }) => until === null || until > now).map(({ kind, until, used, total }) =>
    [
      has(`notice.${kind}`) ? t(`notice.${kind}`) : kind,
      used === null || total === null ? '' : t('notice.used', used, total),
      until === null ? '' : t('notice.until', moment(until, now)),
    ].filter(Boolean).join(' '));
