/** Whether a key typed there is text. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:input|textarea|select)$/.test(target.localName));

/** j, k and the arrows walk through the list; / goes to the filter; Escape leaves it. */
export function step(threads: HTMLElement, list: HTMLElement, signal: AbortSignal): void {
  const words = threads.querySelector<HTMLInputElement>('[data-part="words"]');
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const inList = list.contains(event.target as Node);
    const inFilter = event.target === words;
    if (event.key === '/' && !isTyping(event.target)) words?.focus();
    else if (event.key === 'Escape' && inFilter && words) leave(words, list);
    else if ((event.key === 'j' || event.key === 'k') && !isTyping(event.target)) walk(list, event.key === 'j' ? 1 : -1);
    else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && (inList || inFilter)) walk(list, event.key === 'ArrowDown' ? 1 : -1);
    else if ((event.key === 'Home' || event.key === 'End') && inList) walk(list, event.key === 'Home' ? -Infinity : Infinity);
    else return;
    event.preventDefault();
  }, { signal });
}

function leave(words: HTMLInputElement, list: HTMLElement): void {
  if (words.value !== '') {
    words.value = '';
    words.dispatchEvent(new Event('input'));
  } else focusCurrent(list);
}

/** The open thread's row, or the first. */
export function focusCurrent(list: ParentNode): void {
  (list.querySelector<HTMLElement>('.thread-link[aria-current="true"]') ?? list.querySelector<HTMLElement>('.thread-link'))?.focus();
}

function walk(list: HTMLElement, by: number): void {
  const links = [...list.querySelectorAll<HTMLElement>('.thread-link')];
  const from = links.indexOf(document.activeElement as HTMLElement);
  const open = links.findIndex((link) => link.ariaCurrent === 'true');
  const next = from >= 0 ? from + by : open >= 0 ? open + by : 0;
  const target = links[Math.max(0, Math.min(links.length - 1, next))];
  if (!target) return;
  for (const link of links) link.tabIndex = link === target ? 0 : -1;
  target.focus();
  target.scrollIntoView({ block: 'nearest' });
}
