import type { MessageView, ThreadId } from '../contracts.g.ts';
import { draw, el, icon, LiveElement } from '../elements/elements.ts';
import { keyOf, live } from '../live/live.ts';
import { plural, t } from '../texts/texts.ts';
import { empty, noAccount } from '../threads/empty.ts';
import { selection } from '../threads/selection.ts';
import { List, page } from './list.ts';
import { Scroll } from './scroll.ts';

/** The open thread's messages: the newest page of them, and more when somebody scrolls up. */
export class Messages extends LiveElement {
  readonly #list = new List();
  readonly #older = el('div', { class: 'loading-older', aria: { hidden: true } });
  readonly #empty = el('div');
  readonly #said = el('p', { class: 'sr-only', aria: { live: 'polite' } });
  readonly #toEnd = el('button', { class: 'to-end', attributes: { type: 'button' } });
  #scroll!: Scroll;
  #hearing: AbortController | undefined;
  #shown = page;
  #last: string | undefined;
  #missed = 0;

  protected start(signal: AbortSignal): void {
    const scroller = el('div', { class: 'messages-scroll', attributes: { tabindex: '0', role: 'region' }, aria: { label: t('messages.title') } }, this.#older, this.#empty, this.#list.element);
    this.replaceChildren(scroller, this.#toEnd, this.#said);
    this.#scroll = new Scroll(scroller, () => this.#moved(), signal);
    selection.on((id) => this.#open(id, signal), signal);
    live.on('accounts', () => selection.id === null && this.#draw(), signal);
    // Also when no message came: an answer to an earlier mark counts those that were read since as waiting.
    live.on('threads', () => this.#seen(), signal);
    for (const [target, name] of [[window, 'focus'], [document, 'visibilitychange']] as const) target.addEventListener(name, () => this.#seen(), { signal });
    this.#toEnd.addEventListener('click', () => this.#scroll.toEnd(true), { signal });
    this.addEventListener('click', (event) => this.#click(event), { signal });
  }

  #open(id: ThreadId | null, signal: AbortSignal): void {
    this.#hearing?.abort();
    this.#hearing = new AbortController();
    this.#list.clear();
    this.#shown = page;
    this.#last = undefined;
    this.#missed = 0;
    this.closest('.chat')?.toggleAttribute('data-open', id !== null);
    if (id !== null) {
      live.on(`messages:${id}`, () => this.#draw(), AbortSignal.any([signal, this.#hearing.signal]));
      void live.open(id).then((found) => !found && selection.id === id && selection.close()).catch(() => undefined);
    }
    this.#scroll.isAtEnd = true;
    this.#draw();
  }

  #draw(): void {
    const id = selection.id;
    const { items, hasOlder, loaded } = id === null ? { items: [], hasOlder: false, loaded: true } : live.messages(id);
    this.#announce(items);
    const first = this.#list.first;
    // Asked before the drawing it costs a layout; at the end nobody needs it.
    const fromEnd = this.#scroll.isAtEnd ? 0 : this.#scroll.fromEnd();
    this.#list.draw(items.slice(-this.#shown), id !== null && (live.thread(id)?.isGroup ?? false));
    this.#older.hidden = !hasOlder && items.length <= this.#shown;
    draw(this.#empty, id === null ? `none${live.accounts().length > 0}` : items.length > 0 ? '' : String(loaded), () =>
      id === null ? [live.accounts().length === 0 ? noAccount() : empty('chat', t('messages.none-open'), t('messages.none-open-hint'))]
        : items.length > 0 ? [] : loaded ? [empty('chat', t('messages.empty'), t('messages.empty-hint'))] : []);
    this.#empty.hidden = this.#empty.childElementCount === 0;
    if (this.#scroll.isAtEnd) this.#scroll.toEnd(false);
    else if (this.#list.first !== first) this.#scroll.keep(fromEnd);
    this.#drawToEnd();
    this.#seen();
  }

  /** What came since the last drawing is spoken, and counted while somebody reads further up. */
  #announce(items: readonly MessageView[]): void {
    const last = items.at(-1);
    const from = this.#last === undefined ? items.length : items.findIndex((item) => keyOf(item) === this.#last) + 1;
    const fresh = from > 0 ? items.slice(from) : [];
    this.#last = last && keyOf(last);
    const received = fresh.filter((item) => !item.fromMe);
    if (received.length > 0) this.#said.textContent = received.map((item) => `${item.sender ?? ''} ${item.text ?? t(`kind.${item.kind}`)}`.trim().slice(0, 200)).join('. ');
    if (fresh.some((item) => item.fromMe && item.id < 0)) this.#scroll.isAtEnd = true;
    if (!this.#scroll.isAtEnd) {
      this.#shown += fresh.length;
      this.#missed += received.length;
    }
  }

  #moved(): void {
    if (this.#scroll.isAtEnd) {
      this.#missed = 0;
      if (this.#shown > page * 4) {
        this.#shown = page;
        this.#draw();
      }
      this.#seen();
    } else if (this.#scroll.isNearTop) void this.#more();
    this.#drawToEnd();
  }

  async #more(): Promise<void> {
    const id = selection.id;
    if (id === null || this.#older.hidden || this.#older.ariaBusy === 'true') return;
    this.#older.ariaBusy = 'true';
    draw(this.#older, 'busy', () => [t('messages.loading')]);
    if (live.messages(id).items.length <= this.#shown) await live.older(id).catch(() => undefined);
    this.#older.ariaBusy = null;
    draw(this.#older, '', () => []);
    if (selection.id !== id) return;
    this.#shown += page;
    this.#draw();
  }

  #drawToEnd(): void {
    this.#toEnd.hidden = this.#scroll.isAtEnd;
    this.#toEnd.toggleAttribute('data-new', this.#missed > 0);
    draw(this.#toEnd, String(this.#missed), () => [icon('down'), this.#missed > 0 ? plural('messages.new', this.#missed) : t('messages.to-end')]);
  }

  #seen(): void {
    if (selection.id !== null && this.#scroll.isAtEnd && document.visibilityState === 'visible' && document.hasFocus()) live.markRead(selection.id);
  }

  #click(event: MouseEvent): void {
    const button = (event.target as Element).closest('button');
    const key = button?.closest<HTMLElement>('.message')?.dataset.key;
    if (!button || !key) return;
    if (button.matches('.more')) this.#list.expand(key, () => this.#draw());
    else if (button.matches('.retry')) live.retry(key);
    else if (button.matches('.discard')) this.#giveBack(live.discard(key));
  }

  /** To the composer; nothing when the bubble went before, by a click that came twice. */
  #giveBack(text: string | undefined): void {
    if (text !== undefined) this.dispatchEvent(new CustomEvent('text-back', { bubbles: true, detail: text }));
  }
}

customElements.define('wa-messages', Messages);
