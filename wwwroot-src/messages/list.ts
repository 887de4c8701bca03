import type { MessageView } from '../contracts.g.ts';
import { el } from '../elements/elements.ts';
import { keyOf } from '../live/live.ts';
import { t } from '../texts/texts.ts';
import { dayOf } from '../times/times.ts';
import { continues, messageItem, startsDay } from './bubble.ts';

/** As many as the server's page: what is on the screen and what a reload draws are the same. */
export const page = 50;

interface Drawn {
  readonly view: MessageView;
  readonly around: string;
  readonly item: HTMLLIElement;
}

/** The elements of the messages that are shown: an element is made anew only when its message, or what it says about its neighbours, changed. */
export class List {
  readonly element = el('ol', { class: 'messages', aria: { label: t('messages.title') } });
  #drawn = new Map<string, Drawn>();
  readonly #whole = new Set<string>();

  /** The key of the oldest message shown. */
  get first(): string | undefined {
    return this.element.querySelector<HTMLElement>('.message')?.dataset.key;
  }

  draw(views: readonly MessageView[], isGroup: boolean): void {
    const now = Date.now();
    this.#remove(views);
    const byWaId = new Map(views.filter((view) => view.waId !== '').map((view) => [view.waId, view]));
    const drawn = new Map<string, Drawn>();
    let before: MessageView | undefined;
    let place = this.element.firstElementChild;
    for (const view of views) {
      const key = keyOf(view);
      const quoted = view.quotedWaId === null ? undefined : byWaId.get(view.quotedWaId);
      const isWhole = this.#whole.has(key);
      const around = [startsDay(view, before) ? dayOf(now) : continues(view, before), isGroup, isWhole, quoted?.seq ?? ''].join();
      const had = this.#drawn.get(key);
      const isSame = had !== undefined && had.view === view && had.around === around;
      const item = isSame ? had.item : messageItem(view, key, { before, quoted, isGroup, isWhole, now });
      if (had && !isSame && had.item === place) {
        place.replaceWith(item);
        place = item;
      } else if (had && !isSame) had.item.remove();
      if (item === place) place = place.nextElementSibling;
      else this.element.insertBefore(item, place);
      drawn.set(key, { view, around, item });
      before = view;
    }
    this.#drawn = drawn;
  }

  /** Before anything is placed: one that goes from the top would otherwise move every other, and a moved element is styled and laid out anew. */
  #remove(views: readonly MessageView[]): void {
    const kept = new Set(views.map(keyOf));
    for (const [key, { item }] of this.#drawn) if (!kept.has(key)) item.remove();
  }

  /** Shows a long text whole. */
  expand(key: string, redraw: () => void): void {
    this.#whole.add(key);
    redraw();
    this.#drawn.get(key)?.item.querySelector<HTMLElement>('.text')?.focus();
  }

  clear(): void {
    this.#drawn.clear();
    this.#whole.clear();
    this.element.replaceChildren();
  }
}
