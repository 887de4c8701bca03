import { Refusal } from './frames.ts';

/** What a `start` asks for. */
export interface Configuration {
  webSocketUrl?: string;
  rootPublicKey?: Uint8Array;
  deviceName: string;
  queryTimeoutMs: number;
  qrTimeoutMs?: number;
  /** After how long without a sign of the phone, though a message waits for it, it is called offline. */
  phoneQuietMs?: number;
  history: boolean;
}

const defaultQueryTimeoutMs = 10_000;

/** Reads and checks it; another server and another root are believed only on this machine. */
export function configurationOf(value: unknown): Configuration {
  const config = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const webSocketUrl = textOf(config.webSocketUrl);
  const root = textOf(config.rootPublicKey);
  if ((webSocketUrl || root) && !(webSocketUrl && isLoopback(webSocketUrl)))
    throw new Refusal('rejected', 'Another WebSocket address or root key is accepted only for this machine itself (127.0.0.1, ::1, localhost).');
  const rootPublicKey = root ? Buffer.from(root, 'base64') : undefined;
  if (rootPublicKey && rootPublicKey.length !== 32)
    throw new Refusal('rejected', 'The root key has to be 32 bytes in base64.');
  return {
    webSocketUrl,
    rootPublicKey,
    deviceName: textOf(config.deviceName) ?? 'RealtimeWa',
    queryTimeoutMs: positive(config.queryTimeoutMs) ?? defaultQueryTimeoutMs,
    qrTimeoutMs: positive(config.qrTimeoutMs),
    phoneQuietMs: positive(config.phoneQuietMs),
    history: config.history !== false,
  };
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url))
    return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === 'ws:' || protocol === 'wss:') && (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
