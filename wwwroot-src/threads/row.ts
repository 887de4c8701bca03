import type { AccountView, ThreadView } from '../contracts.g.ts';
import { el, hue, icon } from '../elements/elements.ts';
import { cut } from '../messages/bubble.ts';
import { tick } from '../messages/tick.ts';
import { plural, t } from '../texts/texts.ts';
import { full, short } from '../times/times.ts';

export interface RowSurroundings {
  readonly account: AccountView | undefined;
  /** With one account only, its name on every row says nothing. */
  readonly showsAccount: boolean;
  readonly isTyping: boolean;
  readonly now: number;
}

/** What stands inside a thread's link. */
export function threadRow(view: ThreadView, around: RowSurroundings): Node[] {
  return [
    avatar(view),
    el('span', { class: 'thread-name ellipsis', text: view.title, attributes: { dir: 'auto' } }),
    el('time', { class: 'thread-time', text: short(view.lastMessageAt, around.now), attributes: { datetime: new Date(view.lastMessageAt).toISOString(), title: full(view.lastMessageAt) } }),
    preview(view, around.isTyping),
    el('span', { class: 'thread-unread' }, view.unread > 0 && el('span', { class: 'count' },
      el('span', { text: view.unread > 99 ? '99+' : String(view.unread), aria: { hidden: true } }), el('span', { class: 'sr-only', text: plural('thread.unread', view.unread) }))),
    around.showsAccount && around.account
      ? el('span', { class: 'thread-account chip', data: { hue: hue(around.account.id) } }, el('span', { text: around.account.label, attributes: { dir: 'auto' } }))
      : '',
  ].filter((node): node is HTMLElement => node !== '');
}

export function avatar(view: ThreadView): HTMLElement {
  const letters = initials(view.title);
  return el('span', { class: 'avatar', data: { hue: hue(view.id) }, aria: { hidden: true } }, view.isGroup ? icon('people') : letters ? letters : icon('person'));
}

/** A name's first letters; nothing for a number. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /^\p{L}/u.test(word));
  return words.length === 0 ? '' : [words[0]!, ...(words.length > 1 ? [words.at(-1)!] : [])].map((word) => [...word][0]!.toLocaleUpperCase()).join('');
}

function preview(view: ThreadView, isTyping: boolean): HTMLElement {
  if (isTyping) return el('span', { class: 'thread-preview ellipsis typing', text: t('thread.typing') });
  const line = el('span', { class: 'thread-preview ellipsis' });
  if (view.lastFromMe) line.append(tick(view.lastStatus) ?? '');
  if (view.lastKind !== 'text') line.append(icon(view.lastKind === 'placeholder' ? 'clock' : view.lastKind === 'unsupported' ? 'unknown' : view.lastKind));
  line.append(el('span', { class: 'ellipsis', text: view.lastText ? cut(view.lastText.replace(/\s+/gu, ' '), 120) : t(`kind.${view.lastKind}`), attributes: { dir: 'auto' } }));
  return line;
}
