import { jidDecode, type BinaryNode, type NewChatMessageCapInfo, type ReachoutTimelockState, type WASocket } from 'baileys';
import type { Self } from './people.ts';

export type Kind = 'phone_offline' | 'reachout_time_lock' | 'message_capping' | 'client_outdated';

/** What the worker is told; times are UTC milliseconds. */
export type Notice =
  | { state: 'notice'; kind: Kind; at: number; until?: number; used?: number; total?: number; level?: string }
  | { state: 'notice'; kind: Kind; over: true };

const clientOutdated = 405;
/** WhatsApp takes the linked devices away from a phone that it has not seen for this long. */
const forsakenMs = 14 * 24 * 60 * 60_000;
const millisecond = 1000;

/**
 * What WhatsApp says about an account's health beside its connection. Notices are kept by the worker, not here; so what may have
 * changed while nobody listened is asked for with every connection, and an end is told even if nobody here knows of a beginning.
 */
export class Notices {
  #unheard: { since: number; timer: NodeJS.Timeout } | undefined;
  /** Whether the worker may believe that the phone is offline. */
  #maybeOffline = true;

  constructor(private readonly tell: (notice: Notice) => void, private readonly self: () => Self, private readonly phoneQuietMs: number) {}

  /** WhatsApp took us as we are; the rest it has to be asked. */
  async opened(sock: Pick<WASocket, 'fetchAccountReachoutTimelock' | 'fetchNewChatMessageCap'>): Promise<void> {
    this.#end('client_outdated');
    // The answer to the first comes as an event, like its changes.
    await Promise.allSettled([sock.fetchAccountReachoutTimelock(), sock.fetchNewChatMessageCap().then(info => this.capped(info))]);
  }

  closed(code: unknown): void {
    clearTimeout(this.#unheard?.timer);
    if (code === clientOutdated)
      this.tell({ state: 'notice', kind: 'client_outdated', at: Date.now() });
  }

  timeLocked({ isActive, timeEnforcementEnds }: ReachoutTimelockState): void {
    if (isActive)
      this.tell({ state: 'notice', kind: 'reachout_time_lock', at: Date.now(), until: timeEnforcementEnds?.getTime() });
    else
      this.#end('reachout_time_lock');
  }

  capped(info: NewChatMessageCapInfo | null | undefined): void {
    const level = info?.capping_status?.toLowerCase();
    if (!info || !level || level === 'none')
      return this.#end('message_capping');
    const ends = Number(info.cycle_end_timestamp);
    this.tell({
      state: 'notice', kind: 'message_capping', at: Date.now(), level,
      ...(ends > 0 ? { until: ends * millisecond } : {}),
      ...(Number.isFinite(info.used_quota) ? { used: info.used_quota } : {}),
      ...(Number.isFinite(info.total_quota) ? { total: info.total_quota } : {}),
    });
  }

  /** WhatsApp has a message of ours to a person; the phone gets a copy of it, and confirms that. */
  acknowledged({ attrs: { from, error } }: BinaryNode): void {
    if (this.#unheard || error || !from || from.endsWith('@g.us') || this.self().is(from))
      return;
    const since = Date.now();
    const timer = setTimeout(() => {
      this.#maybeOffline = true;
      this.tell({ state: 'notice', kind: 'phone_offline', at: since, until: since + forsakenMs });
    }, this.phoneQuietMs);
    timer.unref();
    this.#unheard = { since, timer };
  }

  /** A message or receipt came: perhaps the phone's. */
  heard({ attrs: { from, participant } }: BinaryNode): void {
    const author = participant || from;
    if (!this.self().is(author) || jidDecode(author)?.device)
      return;
    clearTimeout(this.#unheard?.timer);
    this.#unheard = undefined;
    if (this.#maybeOffline)
      this.#end('phone_offline');
    this.#maybeOffline = false;
  }

  #end(kind: Kind): void {
    this.tell({ state: 'notice', kind, over: true });
  }
}
