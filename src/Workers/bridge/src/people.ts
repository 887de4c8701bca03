import { isHostedLidUser, isHostedPnUser, isJidGroup, isLidUser, isPnUser, jidDecode, jidNormalizedUser, type AuthenticationCreds } from 'baileys';
import type { Chat, Person } from './events.ts';
import type { KeyStore } from './keys.ts';

/** Whose account this is. */
export class Self implements Person {
  readonly jid: string;
  readonly lidJid: string;
  readonly pn?: string;
  readonly lid?: string;
  readonly name?: string;
  readonly #users: (string | undefined)[];

  constructor({ me }: AuthenticationCreds) {
    this.jid = me?.id ?? '';
    this.lidJid = me?.lid ?? '';
    this.#users = [jidDecode(this.jid)?.user, jidDecode(this.lidJid)?.user];
    Object.assign(this, identity(this.jid), identity(this.lidJid), me?.name ? { name: me.name } : {});
  }

  is(jid: string | undefined | null): boolean {
    const user = jid ? jidDecode(jid)?.user : undefined;
    return !!user && this.#users.includes(user);
  }

  get person(): Person {
    return { pn: this.pn, lid: this.lid, name: this.name };
  }
}

/** Finds the other name, number or lid, of a person where a stanza gives only one; never asks the server. */
export type OtherName = (jid: string) => Promise<string | undefined>;

export function otherNames(store: KeyStore): OtherName {
  return async jid => {
    const user = jidDecode(jid)?.user;
    if (!user)
      return undefined;
    const id = isLidUser(jid) ? `${user}_reverse` : user;
    const other = (await store.read('lid-mapping', [id]))[id];
    if (typeof other !== 'string')
      return undefined;
    return isLidUser(jid) ? `${other}@s.whatsapp.net` : `${other}@lid`;
  };
}

export async function personOf(jid: string, other: string | undefined, name: string | undefined | null, find: OtherName): Promise<Person> {
  return { ...await bothNames(jid, other, find), ...(name ? { name } : {}) };
}

export async function chatOf(jid: string, other: string | undefined, find: OtherName): Promise<Chat> {
  const plain = plainJid(jid);
  if (isJidGroup(plain))
    return { jid: plain, group: true };
  return { jid: plain, ...await bothNames(plain, other, find), group: false };
}

/** The jid of the user, without device, of hosted and old forms the plain one. */
export function plainJid(jid: string): string {
  const user = jidDecode(jid)?.user ?? '';
  if (isHostedPnUser(jid))
    return `${user}@s.whatsapp.net`;
  return isHostedLidUser(jid) ? `${user}@lid` : jidNormalizedUser(jid);
}

async function bothNames(jid: string, other: string | undefined, find: OtherName): Promise<{ pn?: string; lid?: string }> {
  const known = identity(jid);
  if (!known.pn && !known.lid)
    return known;
  return { ...identity(other || await find(plainJid(jid))), ...known };
}

function identity(jid: string | undefined): { pn?: string; lid?: string } {
  if (!jid)
    return {};
  const plain = plainJid(jid);
  if (isLidUser(plain))
    return { lid: plain };
  const pn = isPnUser(plain) ? jidDecode(plain)?.user : undefined;
  return pn ? { pn } : {};
}
