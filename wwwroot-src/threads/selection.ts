import type { ThreadId } from '../contracts.g.ts';

type Listener = (id: ThreadId | null) => void;

const listeners = new Set<Listener>();
let current: ThreadId | null = read();

/** Which thread is open. It stands in the address, so that a reload and the browser's own Back keep it. */
export const selection = {
  get id(): ThreadId | null {
    return current;
  },

  open(id: ThreadId): void {
    if (id === current) return;
    history[current === null ? 'pushState' : 'replaceState']({ thread: id }, '', address(id));
    set(id);
  },

  close(): void {
    if (current === null) return;
    history.replaceState(null, '', address(null));
    set(null);
  },

  /** Calls at once, then at every change. */
  on(listener: Listener, signal: AbortSignal): void {
    listeners.add(listener);
    signal.addEventListener('abort', () => listeners.delete(listener));
    listener(current);
  },
};

export function address(id: ThreadId | null): string {
  const url = new URL(location.href);
  if (id === null) url.searchParams.delete('thread');
  else url.searchParams.set('thread', String(id));
  return url.pathname + url.search;
}

function set(id: ThreadId | null): void {
  current = id;
  for (const listener of [...listeners]) listener(id);
}

function read(): ThreadId | null {
  const id = Number(new URLSearchParams(location.search).get('thread'));
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

addEventListener('popstate', () => set(read()));
