import type { AccountId, AccountView, QrView } from '../contracts.g.ts';
import { draw, el, every, icon, LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { words } from '../sessions/words.ts';
import { t } from '../texts/texts.ts';
import { left } from '../times/times.ts';

/** After this long without a code a person may ask for one anew. */
const patienceMs = 3_000;

/** The code that links a phone: it shows the newest by itself, counts down, and says what happens after the scan. */
export class Qr extends LiveElement {
  #code: QrView | null = null;
  #asked: number | null = null;
  /** Since when a code is waited for. */
  #waitsSince = Date.now();

  private get account(): AccountView | undefined {
    return live.account(Number(this.dataset.account) as AccountId);
  }

  protected start(signal: AbortSignal): void {
    live.on('accounts', () => this.#changed(), signal);
    live.on('live', () => this.#changed(), signal);
    this.addEventListener('click', (event) => {
      if ((event.target as Element).closest('[data-again]')) void this.#again();
    }, { signal });
    every(1000, signal, () => this.#draw());
    this.#changed();
  }

  /** A new end means a new code; the code itself is a secret and never part of an event. */
  #changed(): void {
    const session = this.account?.session;
    const expires = session?.status === 'connected' || session?.qrStatus !== 'generated' ? null : session.qrExpiresAt;
    if (expires === null) this.#code = null;
    if (expires !== this.#asked || (expires !== null && this.#code === null && live.link() === 'on')) void this.#ask(expires);
    this.#draw();
  }

  async #ask(expires: number | null): Promise<void> {
    this.#asked = expires;
    if (expires === null) return;
    const code = await live.hub.qr(Number(this.dataset.account)).catch(() => null);
    if (this.#asked !== expires) return;
    this.#code = code;
    this.#draw();
  }

  async #again(): Promise<void> {
    this.#waitsSince = Date.now();
    this.#draw();
    await live.hub.pair(Number(this.dataset.account)).catch(() => undefined);
  }

  #draw(): void {
    const account = this.account;
    if (!account) return;
    const code = this.#code && this.#code.expiresAt > Date.now() ? this.#code : null;
    const isLong = Date.now() - this.#waitsSince > patienceMs;
    this.dataset.state = account.session.status;
    draw(this.piece('frame'), JSON.stringify([account.session.status, account.session.reason, code, isLong]), () => picture(account, code, isLong));
    draw(this.piece('clock'), code ? left(code.expiresAt, Date.now()) : '', () => (code ? [icon('clock'), t('pairing.left', left(code.expiresAt, Date.now()))] : []));
  }
}

function picture(account: AccountView, code: QrView | null, isLong: boolean): (Node | string)[] {
  const { status } = account.session;
  if (status === 'connected') return [said('check', t('pairing.done'))];
  if (code?.pairCode) return [el('div', {}, el('p', { text: t('pairing.type-code') }), el('p', { class: 'pair-code', data: { testid: 'pair-code' }, text: `${code.pairCode.slice(0, 4)}-${code.pairCode.slice(4)}` }))];
  if (code?.qr) return [el('img', { data: { testid: 'qr' }, attributes: { src: `/accounts/${account.id}/qr.svg?until=${code.expiresAt}`, alt: t('pairing.qr-alt', account.label) } })];
  if (status === 'connecting') return [said('clock', t('pairing.connecting'))];
  if (status === 'qr_required' || !isLong) return [said('qr', t('pairing.waiting'))];
  const why = status === 'error' || account.session.reason === 'qr_expired' ? words(account, Date.now()).reason : t('pairing.none');
  return [el('div', {}, icon(status === 'error' ? 'alert' : 'clock'), el('p', { text: why }), el('button', { class: 'button', data: { again: '' }, attributes: { type: 'button' } }, icon('refresh'), t('pairing.again')))];
}

const said = (name: string, text: string): HTMLElement => el('div', {}, icon(name), el('p', { text }));

customElements.define('wa-qr', Qr);
