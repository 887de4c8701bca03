import { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel } from '@microsoft/signalr';
import type { EventView, Seen, TypingView } from '../contracts.g.ts';

/** What the connection needs of SignalR; tests put a wire of their own in its place. */
export interface Wire {
  readonly isOpen: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  onChanged(take: (events: readonly EventView[]) => void): void;
  onNumbers(take: (newest: readonly Seen[]) => void): void;
  onTyping(take: (typing: TypingView) => void): void;
  onClosed(take: () => void): void;
}

/** SignalR's JSON protocol over a WebSocket, without the negotiation that would cost a round trip. */
export function signalR(url: string): Wire {
  const hub = new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .configureLogging(LogLevel.None)
    .build();
  // The server says something every 5 s.
  hub.serverTimeoutInMilliseconds = 15_000;
  hub.keepAliveIntervalInMilliseconds = 5_000;
  return {
    get isOpen() {
      return hub.state === HubConnectionState.Connected;
    },
    start: () => hub.start(),
    stop: () => hub.stop(),
    invoke: (method, ...args) => hub.invoke(method, ...args),
    onChanged: (take) => hub.on('changed', take),
    onNumbers: (take) => hub.on('numbers', take),
    onTyping: (take) => hub.on('typing', take),
    onClosed: (take) => hub.onclose(take),
  };
}
