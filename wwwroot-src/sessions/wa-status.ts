import { draw, el, every, icon, LiveElement } from '../elements/elements.ts';
import { doubted, heard, onHeard } from '../health/health.ts';
import { live } from '../live/live.ts';
import { plural, t } from '../texts/texts.ts';
import { ago } from '../times/times.ts';
import { masked, stateOf, verdict, type Verdict } from './overall.ts';

let isFresh = true;

/** Until the first connection was made, or a few seconds have gone without one, nothing is known and nothing is claimed. */
export function now(): Verdict {
  if (live.link() !== 'late') isFresh = false;
  return verdict(live.link(), navigator.onLine, isFresh, live.accounts(), heard() === 'broken', doubted());
}
setTimeout(() => (isFresh = false), 4000);

export function headline({ overall, fault, down }: Verdict): string {
  if (fault !== null && fault !== 'accounts') return t(`overall.${fault}`);
  if (overall !== 'down') return t(`overall.${overall}`);
  if (down.length > 1) return plural('overall.down', down.length);
  return t(stateOf(down[0]!) === 'stopped' ? 'overall.one-stopped' : 'overall.one-down', down[0]!.label);
}

/** What the dot, the badge and the bar share: they are drawn when something about the connection or a number changed. */
abstract class Status extends LiveElement {
  #before: string | undefined;

  protected start(signal: AbortSignal): void {
    const redraw = () => this.#redraw();
    live.on('accounts', redraw, signal);
    live.on('live', redraw, signal);
    onHeard(redraw, signal);
    for (const name of ['online', 'offline']) addEventListener(name, redraw, { signal });
    const timer = setTimeout(redraw, 4100);
    signal.addEventListener('abort', () => clearTimeout(timer));
    redraw();
  }

  #redraw(): void {
    const found = now();
    const button = this.querySelector<HTMLElement>('[data-overall]');
    if (button) {
      if (this.#before !== undefined && this.#before !== 'checking' && this.#before !== found.overall) pulse(button);
      button.dataset.overall = found.overall;
      button.dataset.fault = found.fault ?? '';
    }
    this.#before = found.overall;
    this.paint(found);
  }

  protected abstract paint(found: Verdict): void;
}

function pulse(button: HTMLElement): void {
  delete button.dataset.pulse;
  void button.offsetWidth;
  button.dataset.pulse = '';
}

/** 8 pixels that never lie. */
class Dot extends Status {
  protected paint(found: Verdict): void {
    const button = this.piece('button');
    const text = headline(found);
    const names = found.down.map((account) => t('overall.named', account.label, t(`status.${stateOf(account, doubted())}`))).join(', ');
    button.title = found.fault === 'accounts' && found.down.length > 1 ? `${text}: ${names}` : text;
    button.setAttribute('aria-label', t('overall.label', button.title));
  }
}

/** The same in words, at the foot of the sidebar. */
class Badge extends Status {
  protected override start(signal: AbortSignal): void {
    super.start(signal);
    every(30_000, signal, () => this.paint(now()));
  }

  protected paint(found: Verdict): void {
    const accounts = live.accounts();
    const isPartly = found.fault === 'accounts' && found.down.length < accounts.length;
    const title = isPartly ? plural('badge.some', found.down.length) : t(`badge.${found.overall}`);
    const shown = found.down[0] ?? accounts[0];
    const detail = found.fault === 'accounts' || found.overall === 'ok'
      ? accounts.length === 1 && shown?.phone ? masked(shown.phone) : t('badge.count', accounts.length - found.down.length, accounts.length)
      : headline(found);
    const seen = shown?.session.lastConnectedAt;
    draw(this.piece('words'), `${title}${detail}${seen ? ago(seen, Date.now()) : ''}`, () => [
      el('b', { text: title }),
      el('small', { text: detail, attributes: { title: seen && found.overall !== 'ok' ? t('popover.last-connected', ago(seen, Date.now())) : null } }),
    ]);
  }
}

/** A line over the page while this browser hears nothing. */
class LinkBar extends Status {
  protected paint({ fault }: Verdict): void {
    const cut = fault === 'browser' || fault === 'server' || fault === 'database';
    this.toggleAttribute('data-shown', cut);
    draw(this, cut ? fault : '', () => (cut ? [icon('offline'), el('span', { text: t(`bar.${fault}`) })] : []));
  }
}

customElements.define('wa-status-dot', Dot);
customElements.define('wa-status-badge', Badge);
customElements.define('wa-link-bar', LinkBar);
