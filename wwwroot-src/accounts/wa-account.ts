import type { AccountView } from '../contracts.g.ts';
import { every, LiveElement } from '../elements/elements.ts';
import { doubted } from '../health/health.ts';
import { live } from '../live/live.ts';
import { spaced, stateOf } from '../sessions/overall.ts';
import { words } from '../sessions/words.ts';
import { t } from '../texts/texts.ts';

/** One number on the accounts page. The server drew it with its forms; what changes is written into its parts. */
export class Account extends LiveElement {
  protected start(signal: AbortSignal): void {
    live.on('accounts', () => this.#draw(), signal);
    every(1000, signal, () => this.#draw());
  }

  #draw(): void {
    const account = live.account(Number(this.dataset.accountId));
    if (account) paint(this, account, Date.now());
    else this.remove();
  }
}

/** Also for a row that was cut from the page's template because somebody else added an account. */
export function paint(row: HTMLElement, account: AccountView, now: number): void {
  const { session } = account;
  const said = words(account, now);
  row.dataset.status = session.status;
  row.dataset.reason = session.reason;
  row.dataset.action = session.action;
  row.dataset.link = account.phone === null ? 'never' : 'was';
  row.toggleAttribute('data-active', account.isActive);
  write(row, 'label', account.label);
  write(row, 'phone', account.phone ? spaced(account.phone) : t('account.no-number'));
  write(row, 'status', said.status);
  write(row, 'age', said.age);
  write(row, 'reason', said.reason);
  write(row, 'action', said.action);
  const dot = row.querySelector<HTMLElement>('[data-part="dot"]');
  if (dot) dot.dataset.status = stateOf(account, doubted());
}

function write(row: HTMLElement, part: string, text: string): void {
  for (const element of row.querySelectorAll(`[data-part="${part}"]`)) if (element.textContent !== text) element.textContent = text;
}

customElements.define('wa-account', Account);
