import type { AccountId, ThreadView } from '../contracts.g.ts';

export interface Filter {
  readonly words: string;
  readonly onlyUnread: boolean;
  readonly accountId: AccountId | null;
}

export const everything: Filter = { words: '', onlyUnread: false, accountId: null };

/** Letters without their marks, so that "stefan" finds "Ștefan". */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Every word has to be found in the name, the last text, or the number, which may be written with spaces. */
export function matches(thread: ThreadView, filter: Filter): boolean {
  if (filter.onlyUnread && thread.unread === 0) return false;
  if (filter.accountId !== null && thread.accountId !== filter.accountId) return false;
  if (filter.words === '') return true;
  const text = plain(`${thread.title} ${thread.lastText ?? ''} ${thread.phone ?? ''}`);
  const digits = filter.words.replace(/[\s()+.-]/gu, '');
  if (digits.length >= 3 && /^\d+$/.test(digits) && thread.phone?.includes(digits.replace(/^0+/, ''))) return true;
  return plain(filter.words).split(/\s+/u).filter(Boolean).every((word) => text.includes(word));
}
