import { LiveElement } from '../elements/elements.ts';
import { live } from '../live/live.ts';
import { t } from '../texts/texts.ts';

/** The list of numbers: it adds a row when another person added an account, and counts. */
export class Accounts extends LiveElement {
  protected start(signal: AbortSignal): void {
    live.on('accounts', () => this.#draw(), signal);
  }

  #draw(): void {
    const accounts = live.accounts();
    const list = this.piece('list');
    for (const account of accounts) {
      if (list.querySelector(`[data-account-id="${account.id}"]`)) continue;
      list.append(this.#row(String(account.id)));
    }
    list.hidden = accounts.length === 0;
    this.piece('empty').hidden = accounts.length > 0;
    this.piece('count').textContent = t('accounts.count', accounts.length, this.dataset.max ?? '');
  }

  /** The server's own row with this account's number in its addresses. */
  #row(id: string): Node {
    const copy = this.piece<HTMLTemplateElement>('template').content.cloneNode(true) as DocumentFragment;
    for (const element of copy.querySelectorAll('*')) {
      for (const { name, value } of [...element.attributes]) if (value.includes('{id}')) element.setAttribute(name, value.replaceAll('{id}', id));
    }
    return copy;
  }
}

customElements.define('wa-accounts', Accounts);
