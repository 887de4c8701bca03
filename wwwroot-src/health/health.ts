import { systemClock } from '../live/clock.ts';
import { live } from '../live/live.ts';
import { Poll, type DeepHealthView, type HealthView, type Heard } from './poll.ts';

let last: Heard = 'well';
let unproven: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

/** What asking the server has told last. */
export const heard = (): Heard => last;

/** The numbers that nobody keeps alive any more, though the last that was heard of them is that they are connected. */
export const doubted = (): ReadonlySet<string> => unproven;

export function onHeard(listener: () => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}

/** Starts the check beneath the pushes. */
export function watchHealth(): void {
  if (!document.getElementById('snapshot')) return;
  const tell = (): void => listeners.forEach((listener) => listener());
  const poll = new Poll({
    clock: systemClock,
    isHidden: () => document.hidden,
    light: () => read<HealthView>('/health', [200, 503]),
    deep: () => read<DeepHealthView>('/health/deep', [200, 503]).catch(() => null),
    pushed: () => (live.link() === 'on' ? new Map(live.accounts().filter((account) => account.isActive).map((account) => [account.instanceId, account.session.status === 'connected'])) : null),
    catchUp: () => void live.wake(),
    heard: (heard) => {
      if (heard === last) return;
      last = heard;
      // It answers no more, but the pushes have not noticed: let them look.
      if (heard === 'unreachable') void live.wake();
      tell();
    },
    doubted: (instances) => {
      if (instances.size === unproven.size && [...instances].every((instance) => unproven.has(instance))) return;
      unproven = instances;
      tell();
    },
  });
  addEventListener('focus', () => poll.now());
  document.addEventListener('visibilitychange', () => document.hidden || poll.now());
  void poll.run(new AbortController().signal);
}

async function read<T>(path: string, known: readonly number[]): Promise<T> {
  const answer = await fetch(path, { cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(10_000) });
  if (!known.includes(answer.status)) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}
