import type { AccountResult, SessionView } from '../contracts.g.ts';
import { has, t } from '../texts/texts.ts';

/** A reconnect that a person asked for. */
export interface Asked {
  readonly at: number;
  /** When the session had last changed at that moment: what comes later is an answer. */
  readonly updatedAt: number;
}

/** `busy`: under way. `trying`: not back, and it goes on by itself. `failed`: not back, and a person has to act. `silent`: no worker took it up. */
export type Outcome = 'busy' | 'done' | 'trying' | 'failed' | 'silent';

const silentMs = 20_000;

/** What has become of it; an honest end, whichever it is. */
export function outcome({ at, updatedAt }: Asked, session: SessionView, now: number): Outcome {
  if (session.status === 'connected') return 'done';
  if (session.updatedAt === updatedAt) return now - at > silentMs ? 'silent' : 'busy';
  if (session.status === 'connecting') return 'busy';
  return session.status === 'disconnected' && session.retryAt !== null ? 'trying' : 'failed';
}

/** Why nothing was asked; nothing when it was. What the database says has many causes: its own sentence names them. */
export const refused = ({ refusal, sentence }: AccountResult): string | null =>
  refusal !== null && has(`refusal.${refusal}`) ? t(`refusal.${refusal}`) : sentence;
