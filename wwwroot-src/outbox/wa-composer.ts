import type { ThreadId } from '../contracts.g.ts';
import { draw, el, icon, LiveElement } from '../elements/elements.ts';
import { nextFrame } from '../live/frame.ts';
import { live } from '../live/live.ts';
import { t } from '../texts/texts.ts';
import { focusCurrent } from '../threads/keys.ts';
import { selection } from '../threads/selection.ts';
import { drafts } from './drafts.ts';
import { ready } from './readiness.ts';

/** Writes to the open thread. Enter sends, Shift+Enter begins a new line, Escape goes back to the list. */
export class Composer extends LiveElement {
  readonly #text = el('textarea', { data: { testid: 'composer' }, attributes: { rows: '1', dir: 'auto', maxlength: '65536', autocomplete: 'off', enterkeyhint: 'send' }, aria: { describedby: 'composer-note' } });
  readonly #send = el('button', { class: 'send', data: { testid: 'send' }, attributes: { type: 'button', title: t('composer.send') }, aria: { label: t('composer.send') } }, icon('send'));
  readonly #note = el('div', { class: 'composer-note', attributes: { id: 'composer-note' }, aria: { live: 'polite' } });
  #thread: ThreadId | null = null;
  /** What is in the field was sent, and is taken out with the next frame. */
  #isSent = false;

  protected start(signal: AbortSignal): void {
    this.replaceChildren(this.#note, el('div', { class: 'composer-box' }, this.#text, this.#send));
    this.#send.addEventListener('click', () => this.#submit(), { signal });
    // The focus stays in the text: leaving it and coming back would be drawn twice while the message leaves, and would close a phone's keyboard.
    this.#send.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
    this.#text.addEventListener('beforeinput', () => this.#clear(), { signal });
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
    this.#clear();
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
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      const list = this.closest('.chat')?.querySelector('wa-threads');
      if (list && list.checkVisibility()) focusCurrent(list);
      else selection.close();
    }
  }

  #submit(): void {
    const text = this.#text.value.trim();
    if (this.#thread === null || this.#isSent || this.#send.disabled || text === '') return;
    live.send(this.#thread, text);
    // Its bubble comes with the next frame, and until then it stays in the field: drawing takes time that the message needs to leave.
    this.#isSent = true;
    drafts.set(this.#thread, '');
    void nextFrame().then(() => this.#clear());
  }

  #clear(): void {
    if (!this.#isSent) return;
    this.#isSent = false;
    this.#text.value = '';
    this.#typed();
    if (document.activeElement !== this.#text) this.#text.focus();
  }

  #put(text: string): void {
    this.#clear();
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
