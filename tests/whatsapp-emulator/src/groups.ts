import type { Addressing } from './jids.ts';
import type { Phone } from './phones.ts';

/** A group as the server knows it. */
export class Group {
  readonly jid: string;
  readonly members = new Map<Phone, 'superadmin' | 'admin' | undefined>();
  readonly creation = Math.floor(Date.now() / 1000);
  readonly owner: Phone;
  addressing: Addressing;
  subject: string;
  subjectTime = this.creation;
  description: { id: string; text: string } | undefined;
  announcement = false;
  locked = false;

  constructor(jid: string, subject: string, owner: Phone, addressing: Addressing) {
    this.jid = jid;
    this.subject = subject;
    this.owner = owner;
    this.addressing = addressing;
    this.members.set(owner, 'superadmin');
  }

  phones(): Phone[] {
    return [...this.members.keys()];
  }
}

export class Groups {
  readonly #groups = new Map<string, Group>();
  #next = 120363000000000001n;

  get(jid: string): Group | undefined {
    return this.#groups.get(jid);
  }

  all(): Group[] {
    return [...this.#groups.values()];
  }

  of(phone: Phone): Group[] {
    return this.all().filter(group => group.members.has(phone));
  }

  make(subject: string, owner: Phone, others: readonly Phone[], addressing: Addressing): Group {
    const group = new Group(`${this.#next++}@g.us`, subject, owner, addressing);
    for (const other of others) if (!group.members.has(other)) group.members.set(other, undefined);
    this.#groups.set(group.jid, group);
    return group;
  }
}
