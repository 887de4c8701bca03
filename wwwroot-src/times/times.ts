import { t } from '../texts/texts.ts';

/** The page's language, as it is written where the reader is: a Briton reads 13:05, not 1:05 PM. */
function locale(): string | undefined {
  const lang = globalThis.document?.documentElement.lang;
  return lang ? (navigator.languages.find((wished) => wished.split('-')[0] === lang) ?? lang) : undefined;
}

const here = locale();
const time = new Intl.DateTimeFormat(here, { hour: '2-digit', minute: '2-digit' });
const precise = new Intl.DateTimeFormat(here, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekday = new Intl.DateTimeFormat(here, { weekday: 'long' });
const date = new Intl.DateTimeFormat(here, { day: 'numeric', month: 'short' });
const dateAndYear = new Intl.DateTimeFormat(here, { day: 'numeric', month: 'short', year: 'numeric' });
const dayAndDate = new Intl.DateTimeFormat(here, { weekday: 'long', day: 'numeric', month: 'long' });
const whole = new Intl.DateTimeFormat(here, { dateStyle: 'medium', timeStyle: 'medium' });

export const clock = (at: number): string => time.format(at);
export const full = (at: number): string => whole.format(at);

/** The day of an instant where the reader is, as a number that grows by one at midnight. */
export function dayOf(at: number): number {
  const there = new Date(at);
  return Date.UTC(there.getFullYear(), there.getMonth(), there.getDate()) / 86_400_000;
}

/** For a list: the time today, then yesterday, the weekday, the date. */
export function short(at: number, now: number): string {
  const days = dayOf(now) - dayOf(at);
  if (days <= 0) return clock(at);
  if (days === 1) return t('time.yesterday');
  if (days < 7) return weekday.format(at);
  return sameYear(at, now) ? date.format(at) : dateAndYear.format(at);
}

/** For the line between two days. */
export function day(at: number, now: number): string {
  const days = dayOf(now) - dayOf(at);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  return sameYear(at, now) ? dayAndDate.format(at) : dateAndYear.format(at);
}

/** How long ago, in the largest unit that fits. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 5) return t('time.now');
  if (seconds < 60) return t('time.seconds-ago', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('time.minutes-ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t('time.hours-ago', hours);
  return t('time.days-ago', Math.floor(hours / 24));
}

/** How long something lasts, in the two largest units that say enough. */
export function lasting(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return t('time.lasting-seconds', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('time.lasting-minutes', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t('time.lasting-hours', hours, minutes % 60);
  return t('time.lasting-days', Math.floor(hours / 24), hours % 24);
}

/** An instant in a list of the past: the time, and the date unless it is today. */
export const moment = (at: number, now: number): string => dated(at, now, clock(at));

/** The same to the second, where several may happen in a minute. */
export const instant = (at: number, now: number): string => dated(at, now, precise.format(at));

const dated = (at: number, now: number, time: string): string => (dayOf(at) === dayOf(now) ? time : `${sameYear(at, now) ? date.format(at) : dateAndYear.format(at)}, ${time}`);

/** What is left, as m:ss. */
export function left(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const sameYear = (at: number, now: number): boolean => new Date(at).getFullYear() === new Date(now).getFullYear();
