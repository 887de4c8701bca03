let texts: Readonly<Record<string, string>> | undefined;

/** A sentence of the resource file; {0}, {1} … are replaced. A key that has none shows itself, and a test finds it. */
export function t(key: string, ...values: (string | number)[]): string {
  texts ??= read();
  const text = texts[key];
  return text === undefined ? key : text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** One sentence for one thing, another for several. */
export const plural = (key: string, count: number): string => t(`${key}.${count === 1 ? 'one' : 'many'}`, count);

export const has = (key: string): boolean => (texts ??= read())[key] !== undefined;

/** For tests that have no page. */
export function use(given: Readonly<Record<string, string>>): void {
  texts = given;
}

function read(): Readonly<Record<string, string>> {
  const block = document.getElementById('texts');
  return block ? (JSON.parse(block.textContent ?? '{}') as Record<string, string>) : {};
}
