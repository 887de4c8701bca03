import type { AccountId, AccountView } from '../contracts.g.ts';
import { draw, el, every, icon, LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { isManager } from '../operators/me.ts';
import { t } from '../texts/texts.ts';
import { accountsPage } from '../threads/empty.ts';
import { ago } from '../times/times.ts';
import { masked } from './overall.ts';
import { headline, now } from './wa-status.ts';
import { words } from './words.ts';

/** Every number with its status, reason, age, and what to do about it. Drawn only while it is open. */
export class StatusPopover extends LiveElement {
  /** True while a reconnect is under way, a sentence when it was refused. */
  readonly #asked = new Map<AccountId, string | true>();

  protected start(signal: AbortSignal): void {
    let open: AbortController | undefined;
    this.addEventListener('toggle', (event) => {
      open?.abort();
      if ((event as ToggleEvent).newState !== 'open') return;
      open = new AbortController();
      const both = AbortSignal.any([signal, open.signal]);
      live.on('accounts', () => this.#draw(), both);
      live.on('live', () => this.#draw(), both);
      every(1000, both, () => this.#draw());
    }, { signal });
    this.addEventListener('click', (event) => {
      const id = Number((event.target as Element).closest<HTMLElement>('[data-reconnect]')?.dataset.reconnect);
      if (id) void this.#reconnect(id);
    }, { signal });
    for (const button of document.querySelectorAll<HTMLElement>(`[popovertarget="${this.id}"]`)) {
      button.addEventListener('click', () => this.classList.toggle('at-badge', button.closest('wa-status-badge') !== null), { signal });
    }
  }

  async #reconnect(id: AccountId): Promise<void> {
    this.#asked.set(id, true);
    this.#draw();
    try {
      const { sentence } = await live.hub.reconnect(id);
      if (sentence) this.#asked.set(id, sentence);
    } catch {
      this.#asked.set(id, t('popover.not-asked'));
    }
    this.#draw();
  }

  #draw(): void {
    const found = now();
    const accounts = live.accounts();
    const at = Date.now();
    const lines = accounts.map((account) => this.#lines(account, at));
    draw(this, JSON.stringify([found.overall, found.fault, lines]), () => [
      el('div', { class: 'status-head' }, el('b', { text: headline(found) }), el('p', { text: t(`popover.${found.fault ?? found.overall}`) })),
      ...accounts.map((account, index) => this.#account(account, lines[index]!, found.fault === 'browser' || found.fault === 'server')),
      isManager() && el('div', { class: 'status-foot' }, el('a', { class: 'button quiet', text: t('popover.settings'), attributes: { href: accountsPage() } })),
    ]);
  }

  #lines(account: AccountView, at: number): Lines {
    const { status, reason, action, age } = words(account, at);
    const { lastConnectedAt, lastError, status: code } = account.session;
    if (code === 'connected') this.#asked.delete(account.id);
    const asked = this.#asked.get(account.id);
    const isDown = code !== 'connected';
    return {
      label: account.label,
      number: account.phone ? masked(account.phone) : '',
      facts: [
        `${status} · ${age}`,
        ...(isDown ? [reason, action, lastConnectedAt === null ? '' : t('popover.last-connected', ago(lastConnectedAt, at))] : []),
      ].filter(Boolean),
      errors: isDown ? [lastError && lastError !== reason ? t('popover.error', lastError) : '', typeof asked === 'string' ? asked : ''].filter(Boolean) : [],
      isBusy: asked === true && code === 'connecting',
    };
  }

  #account(account: AccountView, lines: Lines, isStale: boolean): HTMLElement {
    const { status, action } = account.session;
    const canReconnect = isManager() && !isStale && account.phone !== null && (status === 'disconnected' || (status === 'error' && (action === 'reconnect' || action === 'close_other_client')));
    const canLink = isManager() && !isStale && (action === 'scan_qr' || action === 'relink_phone');
    return el('div', { class: 'status-account', data: { accountId: account.id, status } },
      el('span', { class: 'dot', data: { status: isStale ? '' : status } }),
      el('div', { class: 'lines' }, el('b', { class: 'ellipsis', text: lines.label, attributes: { dir: 'auto' } }),
        ...lines.facts.map((line) => el('small', { text: line })), ...lines.errors.map((line) => el('small', { class: 'bad', text: line }))),
      lines.number !== '' && el('small', { class: 'number', text: lines.number }),
      (canReconnect || lines.isBusy) && el('button', { class: 'button', data: { reconnect: account.id, busy: lines.isBusy }, attributes: { type: 'button', disabled: lines.isBusy ? '' : null } },
        icon('refresh'), t(lines.isBusy ? 'popover.reconnecting' : 'popover.reconnect')),
      canLink && !canReconnect && el('a', { class: 'button', attributes: { href: `${accountsPage()}#account-${account.id}` } }, icon('qr'), t('account.pair')));
  }
}

interface Lines {
  readonly label: string;
  readonly number: string;
  readonly facts: readonly string[];
  readonly errors: readonly string[];
  readonly isBusy: boolean;
}

customElements.define('wa-status-popover', StatusPopover);
