import type { Companion } from './companions.ts';
import { digits, isLid, parse } from './jids.ts';
import { Phone } from './phones.ts';

/** Where a message can go: a phone itself, or a device that is linked to it. */
export type Target = { phone: Phone; companion?: Companion };

/** All phones of the emulated world, found by phone number or by LID. */
export class World {
  readonly phones = new Map<string, Phone>();
  readonly #byLid = new Map<string, Phone>();

  get(pn: string): Phone | undefined {
    return this.phones.get(digits(pn));
  }

  make(pn: string, name?: string): Phone {
    const number = digits(pn);
    if (!/^\d{5,15}$/.test(number)) throw new RangeError(`"${pn}" is not a phone number of 5 to 15 digits`);
    const known = this.phones.get(number);
    if (known) {
      if (name) known.name = name;
      return known;
    }
    const phone = new Phone(number, lidOf(number), name ?? `Phone ${number.slice(-4)}`);
    this.phones.set(number, phone);
    this.#byLid.set(phone.lid, phone);
    return phone;
  }

  find(jid: string): Phone | undefined {
    const { user } = parse(jid);
    return isLid(jid) ? this.#byLid.get(user) : this.phones.get(user);
  }

  /** The device with this address, or undefined when there is no such phone or device. */
  target(jid: string): Target | undefined {
    const phone = this.find(jid);
    if (!phone) return undefined;
    const { device } = parse(jid);
    if (device === 0) return { phone };
    const companion = phone.companions.get(device);
    return companion && { phone, companion };
  }
}

/** A LID has nothing to do with the number in life; here it is made from it, so that every run has the same. */
function lidOf(pn: string): string {
  let hash = 7n;
  for (const digit of `${pn}/lid`) hash = (hash * 1_000_003n + BigInt(digit.charCodeAt(0))) % 99_999_999_999_999n;
  return `2${hash.toString().padStart(14, '0')}`;
}
