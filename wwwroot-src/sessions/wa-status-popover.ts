import type { AccountId, AccountView } from '../contracts.g.ts';
import { draw, el, every, icon, LiveElement } from '../elements/elements.ts';
import { doubted, onHeard } from '../health/health.ts';
import { live } from '../live/live.ts';
import { isManager } from '../operators/me.ts';
import { t } from '../texts/texts.ts';
import { accountsPage } from '../threads/empty.ts';
import { ago } from '../times/times.ts';
import { masked, stateOf } from './overall.ts';
import { outcome, refused, type Asked, type Outcome } from './reconnecting.ts';
import { headline, now } from './wa-status.ts';
import { words } from './words.ts';

const icons: Readonly<Record<string, string>> = { connected: 'check', connecting: 'refresh', qr_required: 'qr', disconnected: 'offline', error: 'alert', stopped: 'stop', init: 'phone', unproven: 'unknown' };

/** Every number with its status, reason, age, and what to do about it. Drawn only while it is open. */
export class StatusPopover extends LiveElement {
  /** The reconnects that were asked for here; a sentence when one was refused. */
  readonly #asked = new Map<AccountId, Asked | string>();

  protected start(signal: AbortSignal): void {
    let open: AbortController | undefined;
    this.addEventListener('toggle', (event) => {
      open?.abort();
      if ((event as ToggleEvent).newState !== 'open') return;
      open = new AbortController();
      this.#asked.clear();
      const both = AbortSignal.any([signal, open.signal]);
      live.on('accounts', () => this.#draw(), both);
      live.on('live', () => this.#draw(), both);
      onHeard(() => this.#draw(), both);
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
    const account = live.account(id);
    if (!account || this.#outcome(account, Date.now()) === 'busy') return;
    this.#asked.set(id, { at: Date.now(), updatedAt: account.session.updatedAt });
    this.#draw();
    try {
      const sentence = refused(await live.hub.reconnect(id));
      if (sentence) this.#asked.set(id, sentence);
    } catch {
      this.#asked.set(id, t('popover.not-asked'));
    }
    this.#draw();
  }

  #outcome(account: AccountView, at: number): Outcome | null {
    const asked = this.#asked.get(account.id);
    return asked === undefined || typeof asked === 'string' ? null : outcome(asked, account.session, at);
  }

  #draw(): void {
    const found = now();
    const accounts = live.accounts();
    const at = Date.now();
    const isStale = found.fault !== null && found.fault !== 'accounts';
    const lines = accounts.map((account) => this.#lines(account, at));
    const focused = this.querySelector<HTMLElement>(':focus')?.dataset.reconnect;
    draw(this, JSON.stringify([found.overall, found.fault, lines]), () => [
      el('div', { class: 'status-head' }, el('b', { text: headline(found) }), el('p', { text: t(`popover.${found.fault === 'accounts' && found.down.length === accounts.length ? 'all' : found.fault ?? found.overall}`) })),
      ...accounts.map((account, index) => this.#account(account, lines[index]!, isStale)),
      isManager() && el('div', { class: 'status-foot' }, el('a', { class: 'button quiet', text: t('popover.settings'), attributes: { href: accountsPage() } })),
    ]);
    if (focused && !this.contains(document.activeElement)) this.querySelector<HTMLElement>(`[data-reconnect="${focused}"]`)?.focus();
  }

  #lines(account: AccountView, at: number): Lines {
    const { status, reason, action, age } = words(account, at);
    const { lastConnectedAt, lastError, status: code } = account.session;
    const isDown = code !== 'connected';
    return {
      label: account.label,
      number: account.phone ? masked(account.phone) : '',
      state: stateOf(account, doubted()),
      status: `${status} · ${age}`,
      reason,
      facts: [...(isDown ? [action, lastConnectedAt === null ? '' : t('popover.last-connected', ago(lastConnectedAt, at))] : [])].filter(Boolean),
      // A reason that we know says it in the reader's language; what only the connection said is shown as it came.
      error: isDown && lastError && lastError !== reason && account.session.reason === 'unknown' ? t('popover.error', lastError) : '',
      ...this.#end(account, reason, action, at),
    };
  }

  /** How the reconnect that was asked for here ended, or that it goes on. */
  #end(account: AccountView, reason: string, action: string, at: number): Pick<Lines, 'isBusy' | 'end' | 'tone'> {
    const asked = this.#asked.get(account.id);
    if (typeof asked === 'string') return { isBusy: false, end: asked, tone: 'bad' };
    switch (this.#outcome(account, at)) {
      case 'busy': return { isBusy: true, end: '', tone: '' };
      case 'done': return { isBusy: false, end: t('popover.reconnected'), tone: 'good' };
      case 'trying': return { isBusy: false, end: t('popover.still-trying', action), tone: '' };
      case 'failed': return { isBusy: false, end: t('popover.failed', reason), tone: 'bad' };
      case 'silent': return { isBusy: false, end: t('popover.silent'), tone: 'bad' };
      default: return { isBusy: false, end: '', tone: '' };
    }
  }

  #account(account: AccountView, lines: Lines, isStale: boolean): HTMLElement {
    const { status, action } = account.session;
    const isFault = lines.state === 'disconnected' || lines.state === 'error';
    const canReconnect = isManager() && !isStale && account.phone !== null && (status === 'disconnected' || (status === 'error' && (action === 'reconnect' || action === 'close_other_client')));
    const canLink = isManager() && !isStale && (action === 'scan_qr' || action === 'relink_phone');
    return el('div', { class: 'status-account', data: { accountId: account.id, status } },
      el('span', { class: 'status-icon', data: { status: isStale ? '' : lines.state } }, icon(icons[lines.state] ?? 'unknown')),
      el('div', { class: 'lines' }, el('b', { class: 'ellipsis', text: lines.label, attributes: { dir: 'auto' } }), el('small', { class: 'what', text: lines.status }),
        lines.reason !== '' && el('small', { class: isFault ? 'bad' : '', text: lines.reason }), ...lines.facts.map((line) => el('small', { text: line })), lines.error !== '' && el('small', { class: 'bad', text: lines.error }),
        el('small', { class: lines.tone, text: lines.end, attributes: { role: 'status' } })),
      lines.number !== '' && el('small', { class: 'number', text: lines.number }),
      (canReconnect || lines.isBusy) && el('button', { class: 'button', data: { reconnect: account.id, busy: lines.isBusy }, attributes: { type: 'button' }, aria: { disabled: lines.isBusy ? 'true' : null } },
        icon('refresh'), t(lines.isBusy ? 'popover.reconnecting' : 'popover.reconnect')),
      canLink && !canReconnect && el('a', { class: 'button', attributes: { href: `${accountsPage()}#account-${account.id}` } }, icon('qr'), t('account.pair')));
  }
}

interface Lines {
  readonly label: string;
  readonly number: string;
  readonly state: string;
  readonly status: string;
  readonly reason: string;
  readonly facts: readonly string[];
  readonly error: string;
  readonly isBusy: boolean;
  readonly end: string;
  readonly tone: string;
}

customElements.define('wa-status-popover', StatusPopover);
