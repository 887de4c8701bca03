type Level = 'info' | 'warn' | 'error';
type Facts = Record<string, string | number | boolean | undefined>;

/** One JSON object a line on standard error. Callers give plain facts: never a number of a phone, a text or a key. */
export function log(level: Level, message: string, facts: Facts = {}): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);
}

/** Takes out of a text of a library whatever could be a jid, a phone number or key material. */
export function masked(text: string): string {
  return text
    .replace(/[^\s"'<>@]+@[a-z.]+/gi, '*@*')
    .replace(/[A-Za-z0-9+/=_-]{20,}/g, '***')
    .replace(/\d{4,}/g, '#')
    .slice(0, 300);
}

/** What an error may say in a log. */
export function reasonOf(error: unknown): string {
  return masked(error instanceof Error ? error.message : String(error));
}
