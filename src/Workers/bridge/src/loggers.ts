import type { ILogger } from 'baileys/lib/Utils/logger.js';
import { log, masked } from './logs.ts';
import type { Trust } from './noise.ts';

const nothing = (): void => {};

/** Where a library's log goes when nobody needs it. */
export const mute: ILogger = {
  level: 'silent', trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => mute,
};

/**
 * What Baileys complains about, without the objects that it logs beside: those hold jids, messages and keys. It is also how
 * the noise handler learns which root this connection trusts.
 */
export function baileysLogger(account: number, trustedRoot: Uint8Array | undefined): ILogger & Trust {
  const say = (level: 'warn' | 'error') => (facts: unknown, message?: string): void => {
    const text = message ?? (typeof facts === 'string' ? facts : 'without a message');
    const error = typeof facts === 'object' && facts !== null ? errorIn(facts) : undefined;
    log(level, `baileys: ${masked(text)}`, { account, reason: error && masked(error) });
  };
  const logger: ILogger & Trust = {
    level: 'warn', trace: nothing, debug: nothing, info: nothing, warn: say('warn'), error: say('error'), child: () => logger, trustedRoot,
  };
  return logger;
}

function errorIn(facts: object): string | undefined {
  for (const value of Object.values(facts))
    if (value instanceof Error)
      return value.message;
  return undefined;
}
