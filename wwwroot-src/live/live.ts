import { Client } from './client.ts';
import { systemClock } from './clock.ts';
import { nextFrame } from './frame.ts';
import { signalR } from './wire.ts';

class Live extends Client {
  /** Takes what the page was drawn with, then connects. A page without a snapshot has nothing to keep live. */
  start(): void {
    const snapshot = embedded('snapshot');
    if (!snapshot) return;
    this.begin(snapshot, embedded('messages'));
    const root = document.documentElement;
    root.dataset.live = this.link();
    this.on('live', () => (root.dataset.live = this.link()));
    addEventListener('online', () => void this.wake());
    addEventListener('focus', () => void this.wake());
    document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? void this.wake() : this.flush()));
    addEventListener('pagehide', () => this.flush());
    void this.connect().then(() => location.reload());
  }
}

function embedded(id: string) {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) : null;
}

/** The page itself answers a person whose sign-in has ended with the way to sign in. */
async function isSignedIn(): Promise<boolean> {
  const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual', cache: 'no-store' });
  return answer.type !== 'opaqueredirect' && answer.status !== 401 && answer.status !== 403;
}

export const live = new Live({
  wire: signalR('/hubs/operator'),
  clock: systemClock,
  place: sessionStorage,
  frame: nextFrame,
  isSignedIn,
  token: () => crypto.randomUUID(),
});

export { keyOf } from './state.ts';
