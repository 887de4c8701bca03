import { draw, el, LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { plural } from '../texts/texts.ts';

/** How many threads wait to be read: in the navigation and in the window's title. */
export class Unread extends LiveElement {
  readonly #title = document.title;

  protected start(signal: AbortSignal): void {
    live.on('threads', () => this.#draw(), signal);
    this.#draw();
  }

  #draw(): void {
    let waiting = 0;
    for (const thread of live.threads()) if (thread.unread > 0) waiting++;
    const title = waiting > 0 ? `(${waiting}) ${this.#title}` : this.#title;
    if (document.title !== title) document.title = title;
    draw(this, String(waiting), () => [
      waiting > 0 && el('span', { class: 'count' }, el('span', { text: String(waiting), aria: { hidden: true } }), el('span', { class: 'sr-only', text: plural('threads.waiting', waiting) })),
    ]);
  }
}

customElements.define('wa-unread', Unread);
