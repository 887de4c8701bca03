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

  /** What an account wrote to this phone, as soon as it is more than `seen`, or after a while. */
  async messages(pn: string, from: string, seen: number): Promise<{ id: string }[]> {
    return (await this.get(`/api/contacts/${pn}/messages?from=${from}&min=${seen + 1}&wait=20000`)) as { id: string }[];
  }

  /** Whether the account's phone has a linked device that is online now. */
  async isLinked(pn: string): Promise<boolean> {
    const accounts = (await this.get('/api/accounts')) as { pn: string; devices: { connected: boolean }[] }[];
    return accounts.some(account => account.pn === pn && account.devices.some(device => device.connected));
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
