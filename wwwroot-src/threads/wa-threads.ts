import type { ThreadId, ThreadView } from '../contracts.g.ts';
import { draw, el, every, LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { t } from '../texts/texts.ts';
import { dayOf } from '../times/times.ts';
import { emptyList } from './empty.ts';
import { everything, matches, type Filter } from './filter.ts';
import { step } from './keys.ts';
import { threadRow } from './row.ts';
import { address, selection } from './selection.ts';

interface Row {
  readonly item: HTMLLIElement;
  readonly link: HTMLAnchorElement;
  drawn: string;
  view: ThreadView | undefined;
}

/** The list of threads, newest first. One row is drawn anew when its thread changed, and moved when its place did. */
export class Threads extends LiveElement {
  readonly #rows = new Map<ThreadId, Row>();
  readonly #typing = new Map<ThreadId, AbortController>();
  readonly #list = el('ul', { class: 'threads', aria: { label: t('threads.title') } });
  readonly #empty = el('div');
  readonly #end = el('div', { class: 'loading-older' });
  #filter: Filter = everything;
  #isComplete = false;
  #today = dayOf(Date.now());

  protected start(signal: AbortSignal): void {
    this.piece('list').replaceChildren(this.#list, this.#empty, this.#end);
    live.on('threads', () => this.#draw(), signal);
    live.on('accounts', () => this.#draw(), signal);
    selection.on(() => this.#draw(), signal);
    every(60_000, signal, () => dayOf(Date.now()) !== this.#today && this.#newDay());
    this.#tools(signal);
    this.#list.addEventListener('click', (event) => this.#click(event), { signal });
    const end = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && void this.#more(), { root: this.piece('list'), rootMargin: '400px' });
    end.observe(this.#end);
    signal.addEventListener('abort', () => end.disconnect());
    step(this, this.#list, signal);
  }

  #tools(signal: AbortSignal): void {
    const words = this.piece<HTMLInputElement>('words');
    const unread = this.piece<HTMLButtonElement>('unread');
    const account = this.piece<HTMLSelectElement>('account');
    const changed = () => {
      this.#filter = { words: words.value.trim(), onlyUnread: unread.ariaPressed === 'true', accountId: Number(account.value) || null };
      this.#draw();
    };
    words.addEventListener('input', changed, { signal });
    account.addEventListener('change', changed, { signal });
    unread.addEventListener('click', () => {
      unread.ariaPressed = String(unread.ariaPressed !== 'true');
      changed();
    }, { signal });
  }

  #draw(): void {
    const accounts = live.accounts();
    this.#drawAccounts();
    const shown = live.threads().filter((thread) => matches(thread, this.#filter) || (thread.id === selection.id && this.#filter.onlyUnread && this.#filter.words === ''));
    const focused = document.activeElement;
    let place = this.#list.firstElementChild;
    const kept = new Set<ThreadId>();
    for (const view of shown) {
      const row = this.#row(view, accounts.length > 1);
      kept.add(view.id);
      if (row.item === place) place = place.nextElementSibling;
      else this.#list.insertBefore(row.item, place);
    }
    for (const [id, row] of this.#rows) if (!kept.has(id)) this.#drop(id, row);
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.#list.contains(focused)) focused.focus({ preventScroll: true });
    const isFiltered = this.#filter !== everything && (this.#filter.words !== '' || this.#filter.onlyUnread || this.#filter.accountId !== null);
    draw(this.#empty, shown.length > 0 ? '' : `${isFiltered}${accounts.length}`, () => (shown.length > 0 ? [] : [emptyList(isFiltered, accounts)]));
    this.#end.hidden = this.#isComplete || live.threads().length === 0;
    this.#tabStop();
  }

  #row(view: ThreadView, showsAccount: boolean): Row {
    let row = this.#rows.get(view.id);
    if (!row) {
      const link = el('a', { class: 'thread-link', attributes: { href: address(view.id) } });
      row = { item: el('li', { class: 'thread', data: { testid: 'thread', threadId: view.id } }, link), link, drawn: '', view: undefined };
      this.#rows.set(view.id, row);
      this.#hearTyping(view.id);
    }
    const account = live.account(view.accountId);
    const isTyping = live.typing(view.id);
    const drawn = `${showsAccount && account?.label}|${isTyping}|${this.#today}`;
    if (row.view !== view || row.drawn !== drawn) {
      row.link.replaceChildren(...threadRow(view, { account, showsAccount, isTyping, now: Date.now() }));
      row.item.toggleAttribute('data-unread', view.unread > 0);
      Object.assign(row, { view, drawn });
    }
    if (view.id === selection.id) row.link.setAttribute('aria-current', 'true');
    else row.link.removeAttribute('aria-current');
    return row;
  }

  #hearTyping(id: ThreadId): void {
    const hearing = new AbortController();
    this.#typing.set(id, hearing);
    live.on(`typing:${id}`, () => {
      const view = live.thread(id);
      if (view && this.#rows.has(id)) this.#row(view, live.accounts().length > 1);
    }, hearing.signal);
  }

  #drop(id: ThreadId, row: Row): void {
    row.item.remove();
    this.#rows.delete(id);
    this.#typing.get(id)?.abort();
    this.#typing.delete(id);
  }

  #drawAccounts(): void {
    const accounts = live.accounts();
    const select = this.piece<HTMLSelectElement>('account');
    select.hidden = accounts.length < 2;
    draw(select, accounts.map((account) => `${account.id}:${account.label}`).join('\n'), () => [
      el('option', { text: t('threads.all-accounts'), attributes: { value: '' } }),
      ...accounts.map((account) => el('option', { text: account.label, attributes: { value: String(account.id) } })),
    ]);
    if (this.#filter.accountId !== null) select.value = String(this.#filter.accountId);
  }

  /** One stop of the Tab key for the whole list: the open thread, or the first. */
  #tabStop(): void {
    const links = [...this.#list.querySelectorAll<HTMLAnchorElement>('.thread-link')];
    const stop = links.find((link) => link === document.activeElement) ?? links.find((link) => link.ariaCurrent === 'true') ?? links[0];
    for (const link of links) link.tabIndex = link === stop ? 0 : -1;
  }

  #click(event: MouseEvent): void {
    const item = (event.target as Element).closest<HTMLLIElement>('.thread');
    if (!item || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    selection.open(Number(item.dataset.threadId));
    this.dispatchEvent(new CustomEvent('thread-opened', { bubbles: true }));
  }

  async #more(): Promise<void> {
    if (this.#isComplete || this.#end.ariaBusy === 'true') return;
    this.#end.ariaBusy = 'true';
    this.#isComplete = !(await live.olderThreads().catch(() => true));
    this.#end.ariaBusy = null;
    this.#end.hidden = this.#isComplete;
  }

  #newDay(): void {
    this.#today = dayOf(Date.now());
    this.#draw();
  }
}

customElements.define('wa-threads', Threads);
