/** A conversation. `jid` has no device; `pn` is digits, `lid` a jid. */
export interface Chat {
  jid: string;
  pn?: string;
  lid?: string;
  group: boolean;
  name?: string;
}

export interface Person {
  pn?: string;
  lid?: string;
  name?: string;
}

export type MessageKind =
  | 'text' | 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'contact' | 'location' | 'poll' | 'unsupported';

interface FromSomebody {
  chat: Chat;
  sender: Person;
  fromMe: boolean;
  /** UTC milliseconds. */
  at: number;
}

interface OneMessage extends FromSomebody {
  id: string;
}

export interface MessageEvent extends OneMessage {
  type: 'message';
  kind: MessageKind;
  text?: string;
  quotedId?: string;
  offline: boolean;
  history: boolean;
}

export interface PlaceholderEvent extends OneMessage { type: 'placeholder' }
export interface EditEvent extends OneMessage { type: 'edit'; text: string }
export interface RevokeEvent extends OneMessage { type: 'revoke' }
export interface ReactionEvent extends OneMessage { type: 'reaction'; emoji: string }
export interface ReceiptEvent extends FromSomebody { type: 'receipt'; ids: string[]; status: 'delivered' | 'read' | 'played' }
export interface TypingEvent { type: 'typing'; chat: Chat; sender: Person; state: 'composing' | 'paused' }
export interface ChatEvent { type: 'chat'; chat: Chat; name: string }

/** The vocabulary of the bridge; above the worker's provider nothing knows another. */
export type Event =
  | MessageEvent | PlaceholderEvent | EditEvent | RevokeEvent | ReactionEvent | ReceiptEvent | TypingEvent | ChatEvent;
