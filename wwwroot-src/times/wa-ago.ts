import { every, LiveElement } from '../elements/elements.ts';
import { ago, full } from './times.ts';

/** Says of the server's time how long ago it was; without a script the time itself stands there. */
export class Ago extends LiveElement {
  protected start(signal: AbortSignal): void {
    const time = this.querySelector('time');
    if (!time) return;
    const at = Date.parse(time.dateTime);
    time.title = full(at);
    every(10_000, signal, () => (time.textContent = ago(at, Date.now())));
  }
}

customElements.define('wa-ago', Ago);
