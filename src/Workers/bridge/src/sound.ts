// The largest time that a Date can show.
const lastMs = 8.64e15;

/**
 * What a stranger's phone sends need not be sound: half of a surrogate pair is no JSON that everybody reads, and a time beyond
 * all calendars is none. Texts lose what is no letter, and numbers come to lie between the beginning and the end of time.
 */
export function sound<T>(value: T): T {
  if (typeof value === 'string')
    return (value as unknown as { toWellFormed(): string }).toWellFormed() as T;
  if (typeof value === 'number')
    return Math.min(Math.max(Math.trunc(value) || 0, 0), lastMs) as T;
  if (Array.isArray(value))
    return value.map(sound) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sound(inner)])) as T;
  return value;
}
