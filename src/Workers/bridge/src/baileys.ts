import { makeWASocket, type BaileysEventMap, type WASocket } from 'baileys';
import { times, TimedCache } from './caches.ts';
import type { Connection } from './connection.ts';
import { Devices } from './devices.ts';
import { isIgnored } from './incoming.ts';
import { baileysLogger } from './loggers.ts';
import { sentBefore } from './outgoing.ts';
import type { Inbound } from './repository.ts';

// Whatever else Baileys announces nobody here listens to; without it, it is not gathered, merged and held for seconds.
const heard = new Set<keyof BaileysEventMap>(['connection.update', 'creds.update', 'lid-mapping.update', 'contacts.upsert', 'message-capping.update']);

/** Baileys, with everything that it would remember, decide or keep for itself in our hands. */
export function socketOf(connection: Connection, inbound: Inbound): WASocket {
  const { config, store, transactions } = connection;
  const sock = makeWASocket({
    ...(config.webSocketUrl ? { waWebSocketUrl: config.webSocketUrl } : {}),
    browser: [config.deviceName, 'Chrome', ''],
    logger: baileysLogger(connection.account, config.rootPublicKey, () => connection.isOver),
    auth: { creds: connection.creds, keys: { get: transactions.get as never, set: transactions.set as never } },
    makeSignalRepository: inbound.wrap,
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    // All sends of an account wait for one another, so a lookup that nobody answers must not hold them for a minute.
    defaultQueryTimeoutMs: config.queryTimeoutMs,
    // Beside its wish for a retry Baileys sends a NACK. Later, that could mean the message that answers the wish.
    retryRequestDelayMs: 0,
    qrTimeout: config.qrTimeoutMs,
    // Online means that the phone stops ringing; the worker says when somebody looks.
    markOnlineOnConnect: false,
    emitOwnEvents: false,
    syncFullHistory: false,
    ...(config.history ? {} : { shouldSyncHistoryMessage: () => false }),
    shouldIgnoreJid: isIgnored,
    getMessage: key => sentBefore(store, connection.self, key),
    cachedGroupMetadata: jid => connection.incoming.groups.get(jid),
    userDevicesCache: new Devices(store) as never,
    msgRetryCounterCache: new TimedCache(times.retries),
    placeholderResendCache: new TimedCache(times.retries),
    callOfferCache: new TimedCache(times.calls),
  });
  const { ev, messageRetryManager } = sock;
  const emit = ev.emit.bind(ev);
  ev.emit = (name, data) => heard.has(name) ? emit(name, data) : false;
  // Retries are answered from the database: copies of every message in memory would serve nothing.
  if (messageRetryManager)
    Object.assign(messageRetryManager, { addRecentMessage: () => {}, getRecentMessage: () => undefined });
  return sock;
}
