/** The server's own address has no user: WhatsApp writes it like this. */
export const SERVER = '@s.whatsapp.net';

export type Addressing = 'pn' | 'lid';

export interface Jid {
  readonly user: string;
  readonly device: number;
  readonly server: string;
}

export function parse(jid: string): Jid {
  const at = jid.indexOf('@');
  const [name = '', device] = jid.slice(0, at < 0 ? undefined : at).split(':');
  return { user: name.split('_')[0] ?? '', device: device ? Number(device) : 0, server: at < 0 ? '' : jid.slice(at + 1) };
}

export function format(user: string, server: string, device = 0): string {
  return device ? `${user}:${device}@${server}` : `${user}@${server}`;
}

export const isGroup = (jid: string) => jid.endsWith('@g.us');
export const isLid = (jid: string) => jid.endsWith('@lid');

/** Digits of whatever somebody typed as a phone number or jid. */
export function digits(text: string): string {
  return parse(text.includes('@') ? text : `${text}@s.whatsapp.net`).user.replace(/\D/g, '');
}
