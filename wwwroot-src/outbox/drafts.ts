import type { ThreadId } from '../contracts.g.ts';

const key = (id: ThreadId): string => `realtimewa.draft.${id}`;

/** What was typed and not sent, per thread, until the window is closed: no text of a customer stays on a shared machine. */
export const drafts = {
  get: (id: ThreadId): string => sessionStorage.getItem(key(id)) ?? '',
  set(id: ThreadId, text: string): void {
    try {
      if (text === '') sessionStorage.removeItem(key(id));
      else sessionStorage.setItem(key(id), text);
    } catch {
      // No room: the text is still in the box.
    }
  },
};
