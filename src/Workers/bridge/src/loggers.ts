import type { ILogger } from 'baileys/lib/Utils/logger.js';
import { log, masked } from './logs.ts';
import type { Trust } from './noise.ts';
import { notAskedFor } from './preparation.ts';

const nothing = (): void => {};

/** Where a library's log goes when nobody needs it. */
export const mute: ILogger = {
  level: 'silent', trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => mute,
};

/** What it says just before a connection ends: the `close` that follows has it, with its code. */
const farewells = new Set(['stream errored out', 'error in validating connection']);

/**
 * What Baileys complains about, without the objects that it logs beside: those hold jids, messages and keys. What it calls an
 * error is one for us only when an operation or a state says so; and what fails after the end of a connection was meant to.
 * It is also how the noise handler learns which root this connection trusts.
 */
export function baileysLogger(account: number, trustedRoot: Uint8Array | undefined, over: () => boolean): ILogger & Trust {
  const say = (facts: unknown, message?: string): void => {
    if (over())
      return;
    const text = message ?? (typeof facts === 'string' ? facts : 'without a message');
    if (farewells.has(text))
      return;
    const error = typeof facts === 'object' && facts !== null ? errorIn(facts) : undefined;
    if (error === notAskedFor)
      return;
    log('warn', `baileys: ${masked(text)}`, { account, reason: error && masked(error) });
  };
  const logger: ILogger & Trust = {
    level: 'warn', trace: nothing, debug: nothing, info: nothing, warn: say, error: say, child: () => logger, trustedRoot,
  };
  return logger;
}

function errorIn(facts: object): string | undefined {
  for (const value of Object.values(facts))
    if (value instanceof Error)
      return value.message;
  return undefined;
}
