import type { MessageStatus } from '../contracts.g.ts';
import { el, icon } from '../elements/elements.ts';
import { t } from '../texts/texts.ts';

const icons: Readonly<Record<Exclude<MessageStatus, 'received'>, string>> = {
  queued: 'clock', sending: 'clock', sent: 'check', delivered: 'checks', read: 'checks', played: 'checks', failed: 'alert', unknown: 'unknown',
};

/** How far an own message came, as a picture with a name. */
export function tick(status: MessageStatus): HTMLElement | null {
  if (status === 'received') return null;
  return el('span', { class: 'tick', data: { tick: status }, attributes: { title: t(`tick.${status}`) } }, icon(icons[status], t(`tick.${status}`)));
}
