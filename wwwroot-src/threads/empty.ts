import type { AccountView } from '../contracts.g.ts';
import { el, icon } from '../elements/elements.ts';
import { isManager } from '../operators/me.ts';
import { t } from '../texts/texts.ts';
import { spaced } from '../sessions/overall.ts';

/** An empty list says what to do next. */
export function emptyList(isFiltered: boolean, accounts: readonly AccountView[]): HTMLElement {
  if (isFiltered) return empty('search', t('empty.no-match'), t('empty.no-match-hint'));
  if (accounts.length === 0) return noAccount();
  const linked = accounts.find((account) => account.session.status === 'connected' && account.phone);
  if (!linked) return notLinked();
  return empty('chat', t('empty.no-threads'), t('empty.no-threads-hint', spaced(linked.phone!)));
}

export function noAccount(): HTMLElement {
  const box = empty('phone', t('empty.no-account'), t(isManager() ? 'empty.no-account-hint' : 'empty.no-account-ask'));
  if (isManager()) box.append(el('a', { class: 'button primary', text: t('empty.no-account-action'), attributes: { href: accountsPage() } }));
  return box;
}

function notLinked(): HTMLElement {
  const box = empty('qr', t('empty.not-linked'), t(isManager() ? 'empty.not-linked-hint' : 'empty.not-linked-ask'));
  if (isManager()) box.append(el('a', { class: 'button primary', text: t('empty.not-linked-action'), attributes: { href: accountsPage() } }));
  return box;
}

export const accountsPage = (): string => document.documentElement.dataset.accounts ?? '/accounts-management';

export const empty = (name: string, title: string, hint: string): HTMLElement =>
  el('div', { class: 'empty' }, icon(name), el('b', { text: title }), el('p', { text: hint }));
