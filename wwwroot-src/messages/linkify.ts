export interface Piece {
  readonly text: string;
  readonly href?: string;
}

const address = /\bhttps?:\/\/[^\s<>"'`\u200B-\u200F\u202A-\u202E\u2060-\u2069]+|\bwww\.[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s<>"'`\u200B-\u200F\u202A-\u202E\u2060-\u2069]*/giu;
const longest = 2048;

/** Cuts a text into plain pieces and links. Only http and https, and the link's text is always the address itself. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0]);
    const href = target(found);
    if (!href) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: found, href });
    done = match.index + found.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}

/** Punctuation that ends the sentence is no part of the address; a closing bracket is when it was opened in it. */
function trimEnd(found: string): string {
  let end = found.length;
  for (;;) {
    const last = found[end - 1];
    if (last === undefined) break;
    if (/[.,;:!?…»”’*_~]/u.test(last)) end--;
    else if ((last === ')' || last === ']') && count(found, last, end) > count(found, last === ')' ? '(' : '[', end)) end--;
    else break;
  }
  return found.slice(0, end);
}

function count(text: string, letter: string, end: number): number {
  let sum = 0;
  for (let index = 0; index < end; index++) if (text[index] === letter) sum++;
  return sum;
}

function target(found: string): string | undefined {
  if (found.length > longest) return undefined;
  try {
    const url = new URL(/^www\./i.test(found) ? `https://${found}` : found);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
