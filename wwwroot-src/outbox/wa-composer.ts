import type { ThreadId } from '../contracts.g.ts';
import { draw, el, icon, LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { t } from '../texts/texts.ts';
import { focusCurrent } from '../threads/keys.ts';
import { selection } from '../threads/selection.ts';
import { drafts } from './drafts.ts';
import { ready } from './readiness.ts';

/** Writes to the open thread. Enter sends, Shift+Enter begins a new line, Escape goes back to the list. */
export class Composer extends LiveElement {
  readonly #text = el('textarea', { data: { testid: 'composer' }, attributes: { rows: '1', dir: 'auto', maxlength: '65536', autocomplete: 'off', enterkeyhint: 'send' }, aria: { describedby: 'composer-note' } });
  readonly #send = el('button', { class: 'send', data: { testid: 'send' }, attributes: { type: 'submit', title: t('composer.send') }, aria: { label: t('composer.send') } }, icon('send'));
  readonly #note = el('div', { class: 'composer-note', attributes: { id: 'composer-note' }, aria: { live: 'polite' } });
  #thread: ThreadId | null = null;

  protected start(signal: AbortSignal): void {
    const form = el('form', { class: 'composer-box' }, this.#text, this.#send);
    this.replaceChildren(this.#note, form);
    form.addEventListener('submit', (event) => this.#submit(event), { signal });
    this.#text.addEventListener('input', () => this.#typed(), { signal });
    this.#text.addEventListener('keydown', (event) => this.#key(event), { signal });
    const chat = this.closest('.chat');
    chat?.addEventListener('thread-opened', () => matchMedia('(hover: hover)').matches && this.#text.focus(), { signal });
    chat?.addEventListener('text-back', (event) => this.#put((event as CustomEvent<string>).detail), { signal });
    selection.on((id) => this.#open(id), signal);
    for (const topic of ['accounts', 'live', 'threads'] as const) live.on(topic, () => this.#draw(), signal);
    for (const name of ['online', 'offline']) addEventListener(name, () => this.#draw(), { signal });
  }

  #open(id: ThreadId | null): void {
    this.#thread = id;
    this.#text.value = id === null ? '' : drafts.get(id);
    this.#grow();
    this.#draw();
  }

  #draw(): void {
    const thread = this.#thread === null ? undefined : live.thread(this.#thread);
    this.hidden = this.#thread === null;
    if (!thread) return;
    const account = live.account(thread.accountId);
    const { readiness, note } = ready(account, live.link(), navigator.onLine);
    this.dataset.readiness = readiness;
    this.#text.disabled = readiness === 'no';
    this.#text.placeholder = t('composer.placeholder', thread.title);
    this.#text.setAttribute('aria-label', t('composer.placeholder', thread.title));
    this.#send.disabled = readiness === 'no' || readiness === 'wait' || this.#text.value.trim() === '';
    this.#note.dataset.tone = readiness === 'no' ? 'bad' : 'warn';
    this.#note.hidden = note === null;
    draw(this.#note, `${note}${account?.label}`, () => (note ? [icon(readiness === 'no' ? 'alert' : 'clock'), t(note, account?.label ?? '')] : []));
  }

  #typed(): void {
    if (this.#thread !== null) drafts.set(this.#thread, this.#text.value);
    this.#grow();
    this.#draw();
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey) this.#submit(event);
    else if (event.key === 'Escape') {
      event.preventDefault();
      const list = this.closest('.chat')?.querySelector('wa-threads');
      if (list && list.checkVisibility()) focusCurrent(list);
      else selection.close();
    }
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (this.#thread === null || this.#send.disabled || text === '') return;
    live.send(this.#thread, text);
    this.#text.value = '';
    // In the next task, when the message has left: drawing and focus ask the page for its layout.
    setTimeout(() => {
      this.#typed();
      this.#text.focus();
    });
  }

  #put(text: string): void {
    if (text !== '' && this.#text.value.trim() !== '') return;
    this.#text.value = text;
    this.#typed();
    this.#text.focus();
  }

  /** Where the browser does not size the field by itself. */
  #grow(): void {
    if (CSS.supports('field-sizing', 'content')) return;
    this.#text.style.height = 'auto';
    this.#text.style.height = `${Math.min(180, this.#text.scrollHeight)}px`;
  }
}

customElements.define('wa-composer', Composer);
