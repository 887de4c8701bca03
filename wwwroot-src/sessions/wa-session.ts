import type { AccountHistory, AccountId, AccountView, SessionView } from '../contracts.g.ts';
import { draw, el, every, icon, LiveElement, type Child } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { t } from '../texts/texts.ts';
import { ago, full, lasting } from '../times/times.ts';
import { attempts, changes, gaps, notices, type Line } from './history.ts';
import { byteSize } from './size.ts';

/** How the server's history may grow old while nothing is pushed about it. */
const readAgainMs = 30_000;

/** An account's signs of life, apart from each other, and its past: read and drawn only while it is open. */
export class Session extends LiveElement {
  #history: AccountHistory | null = null;
  #readAt = 0;
  #read = '';
  readonly #notices = el('div', { class: 'session-notices' });
  readonly #signals = el('dl', { class: 'facts' });
  readonly #gaps = el('div');
  readonly #changes = el('div');
  readonly #attempts = el('div');

  private get account(): AccountView | undefined {
    return live.account(Number(this.dataset.account) as AccountId);
  }

  protected start(signal: AbortSignal): void {
    const of = this.account?.label ?? '';
    this.replaceChildren(
      this.#notices,
      section('session.signals', of, this.#signals), section('session.gaps', of, this.#gaps),
      section('session.changes', of, this.#changes), section('session.attempts', of, this.#attempts));
    const box = this.closest('details');
    box?.addEventListener('toggle', () => this.#tick(), { signal });
    live.on('accounts', () => this.#tick(), signal);
    live.on('live', () => this.#tick(), signal);
    every(1000, signal, () => this.#tick());
  }

  #tick(): void {
    const { account } = this;
    if (!account || !this.closest('details')?.open) return;
    const now = Date.now();
    const state = `${account.session.updatedAt} ${account.session.status}`;
    if (live.link() === 'on' && (state !== this.#read || now - this.#readAt > readAgainMs)) void this.#ask(account.id, state, now);
    this.#draw(account.session, now);
  }

  async #ask(id: AccountId, state: string, now: number): Promise<void> {
    [this.#read, this.#readAt] = [state, now];
    const history = await live.hub.history(id).catch(() => null);
    if (!history) return;
    this.#history = history;
    this.#tick();
  }

  #draw(session: SessionView, now: number): void {
    const said = notices(session.notices, now);
    draw(this.#notices, said.join('\n'), () => said.map((text) => el('p', { class: 'notice warn' }, icon('alert'), el('span', { text }))));
    const facts = signals(session, now);
    draw(this.#signals, JSON.stringify(facts), () => facts.map(([name, value]) => el('div', {}, el('dt', { text: t(name) }), el('dd', { text: value, data: { fact: name } }))));
    if (!this.#history) return;
    list(this.#gaps, gaps(this.#history.gaps, now), 'session.no-gaps');
    list(this.#changes, changes(this.#history.transitions, now), 'session.no-changes');
    list(this.#attempts, attempts(this.#history.attempts, now), 'session.no-attempts');
  }
}

/** Each sign of life says something else: an open socket may be dead, a proven one may be silent. */
function signals(session: SessionView, now: number): [string, string][] {
  const { openSince, lastProofAt, lastEventAt, bridgeMemory, lastConnectedAt } = session;
  const isConnected = session.status === 'connected';
  return [
    ['session.open', openSince !== null ? t('session.open-for', lasting(now - openSince)) : t(isConnected ? 'session.unknown' : 'session.closed')],
    ['session.proof', lastProofAt === null ? t('session.never') : ago(lastProofAt, now)],
    ['session.event', lastEventAt === null ? t('session.unknown') : ago(lastEventAt, now)],
    ['session.uptime', isConnected ? lasting(now - session.since) : lastConnectedAt === null ? t('session.never') : t('session.last-connected', ago(lastConnectedAt, now))],
    ['session.bridge', bridgeMemory === null ? t('session.unknown') : byteSize(bridgeMemory)],
  ];
}

function list(target: Element, lines: readonly Line[], none: string): void {
  draw(target, JSON.stringify([none, lines]), () => [lines.length === 0 ? el('p', { class: 'muted small', text: t(none) }) : el('ol', { class: 'past' }, ...lines.map(item))]);
}

const item = ({ at, when, what, why, tone }: Line): HTMLElement =>
  el('li', { data: { tone } }, el('time', { text: when, attributes: { datetime: new Date(at).toISOString(), title: full(at) } }), el('div', {}, el('p', { text: what }), why !== '' && el('small', { text: why })));

const section = (title: string, of: string, ...children: Child[]): HTMLElement => {
  const heading = el('h4', { text: t(title) });
  // A long past scrolls inside its box, so the keyboard must reach the box.
  const box = el('div', { class: 'session-scroll', attributes: { tabindex: '0', role: 'region' }, aria: { label: `${t(title)}: ${of}` } }, ...children);
  return el('section', {}, heading, box);
};

customElements.define('wa-session', Session);
