import type { MessageView } from '../contracts.g.ts';
import { el, hueOf, icon } from '../elements/elements.ts';
import { t } from '../texts/texts.ts';
import { clock, day, dayOf, full } from '../times/times.ts';
import { linkify } from './linkify.ts';
import { tick } from './tick.ts';

/** What a message looks like depends on these and on nothing else: first paint, live change and reload are the same. */
export interface Surroundings {
  readonly before: MessageView | undefined;
  readonly quoted: MessageView | undefined;
  readonly isGroup: boolean;
  readonly isWhole: boolean;
  readonly now: number;
}

const shownAtFirst = 1200;
const runGap = 5 * 60_000;

export function messageItem(view: MessageView, key: string, around: Surroundings): HTMLLIElement {
  const starts = startsDay(view, around.before);
  const isRun = !starts && continues(view, around.before);
  const item = el('li', {
    class: 'message',
    data: {
      testid: 'message', key, messageId: view.id, status: view.status, seq: view.seq,
      own: view.fromMe, run: isRun, kind: view.kind, revoked: view.isRevoked,
    },
  });
  if (starts) item.append(el('div', { class: 'day' }, el('span', { text: day(view.at, around.now) })));
  const column = el('div', { class: 'message-column' }, bubble(view, around, isRun));
  if (view.reactions.length > 0) column.append(reactions(view));
  if (view.status === 'failed' || view.status === 'unknown') column.append(failure(view));
  item.append(column);
  return item;
}

export const startsDay = (view: MessageView, before: MessageView | undefined): boolean => !before || dayOf(before.at) !== dayOf(view.at);

export function continues(view: MessageView, before: MessageView | undefined): boolean {
  return !!before && before.fromMe === view.fromMe && before.sender === view.sender && before.operator === view.operator && view.at - before.at < runGap;
}

function bubble(view: MessageView, around: Surroundings, isRun: boolean): HTMLElement {
  const element = el('div', { class: 'bubble' });
  const speaker = view.fromMe ? t('message.you') : (view.sender ?? '');
  if (speaker) element.append(el('span', { class: 'sr-only', text: t('message.from', speaker) }));
  if (around.isGroup && !view.fromMe && !isRun && view.sender) {
    element.append(el('div', { class: 'sender', text: view.sender, data: { hue: hueOf(view.sender) }, attributes: { dir: 'auto' }, aria: { hidden: true } }));
  }
  if (around.quoted && !view.isRevoked) element.append(quote(around.quoted));
  if (view.isRevoked) element.append(el('div', { class: 'kind gone' }, icon('block'), t(view.fromMe ? 'message.revoked-own' : 'message.revoked')));
  else {
    if (view.kind !== 'text') element.append(el('div', { class: 'kind' }, icon(view.kind === 'placeholder' ? 'clock' : view.kind === 'unsupported' ? 'unknown' : view.kind), t(`kind.${view.kind}`)));
    if (view.text) element.append(text(view.text, around.isWhole));
  }
  element.append(meta(view));
  return element;
}

function text(whole: string, isWhole: boolean): HTMLElement {
  const isCut = !isWhole && whole.length > shownAtFirst * 1.25;
  const shown = isCut ? cut(whole, shownAtFirst) : whole;
  const element = el('div', { class: 'text', attributes: { dir: 'auto' }, data: { big: isOnlyEmoji(whole) } });
  for (const piece of linkify(shown)) {
    element.append(piece.href ? el('a', { text: piece.text, attributes: { href: piece.href, target: '_blank', rel: 'noopener noreferrer nofollow' } }) : piece.text);
  }
  if (isCut) element.append('… ', el('button', { class: 'more', text: t('message.more'), attributes: { type: 'button' } }));
  return element;
}

function quote(quoted: MessageView): HTMLElement {
  const who = quoted.fromMe ? t('message.you') : (quoted.sender ?? '');
  const what = quoted.isRevoked ? t('message.revoked') : (quoted.text ?? t(`kind.${quoted.kind}`));
  return el('div', { class: 'quote' }, who !== '' && el('b', { text: who, attributes: { dir: 'auto' } }), el('span', { text: cut(what, 160), attributes: { dir: 'auto' } }));
}

function meta(view: MessageView): HTMLElement {
  return el('span', { class: 'meta' },
    view.fromMe && view.operator && el('span', { class: 'operator', text: view.operator }),
    view.editedAt !== null && !view.isRevoked && el('span', { text: t('message.edited'), attributes: { title: full(view.editedAt) } }),
    el('time', { text: clock(view.at), attributes: { datetime: new Date(view.at).toISOString(), title: full(view.at) } }),
    view.fromMe && !view.isRevoked && tick(view.status));
}

function reactions(view: MessageView): HTMLElement {
  const counts = new Map<string, string[]>();
  for (const { emoji, fromMe, sender } of view.reactions) counts.set(emoji, [...(counts.get(emoji) ?? []), fromMe ? t('message.you') : (sender ?? t('message.someone'))]);
  return el('ul', { class: 'reactions' }, ...[...counts].map(([emoji, people]) =>
    el('li', { attributes: { title: people.join(', ') } }, emoji, people.length > 1 && el('span', { text: String(people.length) }),
      el('span', { class: 'sr-only', text: t('message.reacted', people.join(', ')) }))));
}

/** A text that never became a row can be sent again or taken back; a row can't: it has its WhatsApp id. */
function failure(view: MessageView): HTMLElement {
  const isRow = view.id > 0;
  return el('p', { class: 'failure' }, icon(view.status === 'failed' ? 'alert' : 'unknown'), el('span', { text: view.error ?? t(isRow ? `message.${view.status}` : 'message.not-queued') }),
    !isRow && el('button', { class: 'retry', text: t('message.retry'), attributes: { type: 'button' } }),
    !isRow && el('button', { class: 'discard', text: t('message.discard'), attributes: { type: 'button' } }));
}

/** Never inside an emoji sequence or a letter with its marks. */
export function cut(whole: string, length: number): string {
  if (whole.length <= length) return whole;
  const window = whole.slice(0, length + 64);
  let end = 0;
  for (const { index, segment } of segments.segment(window)) {
    if (index + segment.length > length) break;
    end = index + segment.length;
  }
  return whole.slice(0, end || length);
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const emojiAlone = /^(?:\p{Regional_Indicator}|\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Emoji_Modifier}|\u200D|\uFE0F|[\u{E0020}-\u{E007F}]|\s)+$/u;

function isOnlyEmoji(whole: string): boolean {
  if (whole.length > 60 || !emojiAlone.test(whole)) return false;
  let letters = 0;
  for (const { segment } of segments.segment(whole)) if (segment.trim() !== '') letters++;
  return letters > 0 && letters <= 3;
}
