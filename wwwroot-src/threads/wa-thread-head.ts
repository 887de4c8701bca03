import type { ThreadId } from '../contracts.g.ts';
import { draw, el, hue, icon, LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { spaced } from '../sessions/overall.ts';
import { t } from '../texts/texts.ts';
import { avatar } from './row.ts';
import { selection } from './selection.ts';

/** Whom the open thread is with, and over which of our numbers. */
export class ThreadHead extends LiveElement {
  protected start(signal: AbortSignal): void {
    let hearing: AbortController | undefined;
    selection.on((id) => {
      hearing?.abort();
      hearing = new AbortController();
      if (id !== null) live.on(`typing:${id}`, () => this.#draw(id), AbortSignal.any([signal, hearing.signal]));
      this.#draw(id);
    }, signal);
    live.on('threads', () => this.#draw(selection.id), signal);
    live.on('accounts', () => this.#draw(selection.id), signal);
    this.addEventListener('click', (event) => {
      if (!(event.target as Element).closest('.back-button')) return;
      selection.close();
    }, { signal });
  }

  #draw(id: ThreadId | null): void {
    const thread = id === null ? undefined : live.thread(id);
    const account = thread && live.account(thread.accountId);
    const isTyping = id !== null && live.typing(id);
    draw(this, JSON.stringify([id, thread?.title, thread?.phone, account?.label, isTyping]), () => [
      el('button', { class: 'icon-button back-button', attributes: { type: 'button' }, aria: { label: t('thread.back') } }, icon('back')),
      thread && avatar(thread),
      thread && el('div', { class: 'conversation-title' },
        el('h2', { class: 'ellipsis', text: thread.title, attributes: { dir: 'auto' } }),
        el('p', {},
          isTyping ? el('span', { class: 'typing', text: t('thread.typing') }) : el('span', { class: 'nowrap', text: thread.isGroup ? t('thread.group') : thread.phone ? spaced(thread.phone) : t('thread.no-number') }),
          account && el('span', { class: 'chip', data: { hue: hue(account.id) }, attributes: { title: t('thread.account', account.label) } }, el('span', { text: account.label, attributes: { dir: 'auto' } })))),
    ]);
  }
}

customElements.define('wa-thread-head', ThreadHead);
