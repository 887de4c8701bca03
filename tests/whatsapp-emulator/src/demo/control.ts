/** The emulator's control API, as much of it as the demo needs. */
export class Control {
  constructor(private readonly base: string) {}

  async contact(pn: string, name: string): Promise<void> {
    await this.post('/api/contacts', { pn, name, online: true, deliveryReceipts: true, readReceipts: true });
  }

  async says(pn: string, to: string, text: string): Promise<void> {
    await this.post(`/api/contacts/${pn}/send`, { to, text });
  }

  async types(pn: string, to: string, state: 'composing' | 'paused'): Promise<void> {
    await this.post(`/api/contacts/${pn}/chatstate`, { to, state });
  }

  async reads(pn: string, to: string, ids: string[]): Promise<void> {
    await this.post(`/api/contacts/${pn}/receipts`, { to, ids, type: 'read' });
  }

  async messages(pn: string): Promise<{ id: string; from?: string }[]> {
    const answer = (await this.get(`/api/contacts/${pn}/messages`)) as unknown;
    return (Array.isArray(answer) ? answer : ((answer as { messages?: unknown }).messages ?? [])) as { id: string; from?: string }[];
  }

  /** Numbers whose phone has a linked device that is online now. */
  async online(): Promise<Set<string>> {
    const answer = (await this.get('/api/accounts')) as { accounts?: unknown } | unknown[];
    const list = (Array.isArray(answer) ? answer : (answer.accounts ?? [])) as { pn: string; online?: boolean; connected?: boolean }[];
    return new Set(list.filter(account => account.online ?? account.connected).map(account => account.pn));
  }

  private async get(path: string): Promise<unknown> {
    return this.answer(await fetch(this.base + path));
  }

  private async post(path: string, body: unknown): Promise<unknown> {
    return this.answer(await fetch(this.base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));
  }

  private async answer(response: Response): Promise<unknown> {
    if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${new URL(response.url).pathname}.`);
    const text = await response.text();
    return text === '' ? {} : JSON.parse(text);
  }
}
