// Rendered from src/Contracts by TypeScriptContractTests; REALTIMEWA_UPDATE=1 makes that test write it anew.

export interface AccountHistory {
  readonly transitions: readonly TransitionView[];
  readonly attempts: readonly AttemptView[];
  readonly gaps: readonly GapView[];
}

export type AccountId = number;

export type AccountRefusal = 'not_found' | 'forbidden' | 'too_many' | 'instance_taken' | 'empty_label' | 'label_too_long' | 'invalid_phone' | 'already_connected' | 'not_stored';

export interface AccountResult {
  readonly account: AccountView | null;
  readonly refusal: AccountRefusal | null;
  readonly sentence: string | null;
}

export interface AccountView {
  readonly id: AccountId;
  readonly instanceId: string;
  readonly label: string;
  readonly phone: string | null;
  readonly isActive: boolean;
  readonly createdAt: number;
  readonly seq: number;
  readonly session: SessionView;
}

export type AttemptOutcome = 'running' | 'connected' | 'failed' | 'abandoned';

export interface AttemptView {
  readonly at: number;
  readonly cause: ReasonCode;
  readonly isTeardown: boolean;
  readonly endedAt: number | null;
  readonly outcome: AttemptOutcome;
  readonly endReason: ReasonCode | null;
}

export interface CatchUp {
  readonly accountId: AccountId;
  readonly events: readonly EventView[];
  readonly more: boolean;
  readonly snapshotNeeded: boolean;
}

export interface EventBody {
  readonly account: AccountView | null;
  readonly session: SessionView | null;
  readonly thread: ThreadView | null;
  readonly message: MessageView | null;
  readonly goneThread: ThreadId | null;
}

export type EventKind = 'account_changed' | 'account_deleted' | 'session_changed' | 'thread_changed' | 'message_changed' | 'hidden';

export interface EventView {
  readonly accountId: AccountId;
  readonly seq: number;
  readonly at: number;
  readonly kind: EventKind;
  readonly body: EventBody;
}

export interface GapView {
  readonly from: number;
  readonly to: number | null;
  readonly reason: ReasonCode;
  readonly repaired: number;
  readonly unknown: number;
}

export interface IOperatorClient {
  changed(events: readonly EventView[]): Promise<void>;
  numbers(newest: readonly Seen[]): Promise<void>;
  typing(typing: TypingView): Promise<void>;
}

export interface IOperatorHub {
  snapshot(): Promise<Snapshot>;
  catchUpAll(seen: readonly Seen[]): Promise<readonly CatchUp[]>;
  catchUp(accountId: AccountId, after: number): Promise<CatchUp>;
  threads(beforeAt: number, beforeId: ThreadId): Promise<readonly ThreadView[]>;
  thread(threadId: ThreadId): Promise<ThreadView | null>;
  messages(threadId: ThreadId, before: MessageCursor | null): Promise<MessagePage | null>;
  send(request: SendRequest): Promise<SendResult>;
  markRead(threadId: ThreadId, upTo: MessageId): Promise<void>;
  qr(accountId: AccountId): Promise<QrView | null>;
  history(accountId: AccountId): Promise<AccountHistory | null>;
  addAccount(label: string): Promise<AccountResult>;
  relabel(accountId: AccountId, label: string): Promise<AccountResult>;
  pair(accountId: AccountId): Promise<AccountResult>;
  pairByCode(accountId: AccountId, phone: string): Promise<AccountResult>;
  reconnect(accountId: AccountId): Promise<AccountResult>;
  stop(accountId: AccountId): Promise<AccountResult>;
  delete(accountId: AccountId): Promise<AccountResult>;
}

export interface MessageCursor {
  readonly at: number;
  readonly id: MessageId;
}

export type MessageId = number;

export type MessageKind = 'text' | 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'contact' | 'location' | 'poll' | 'placeholder' | 'unsupported';

export interface MessagePage {
  readonly threadId: ThreadId;
  readonly accountId: AccountId;
  readonly seq: number;
  readonly messages: readonly MessageView[];
  readonly before: MessageCursor | null;
}

export type MessageStatus = 'received' | 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'unknown';

export interface MessageView {
  readonly id: MessageId;
  readonly threadId: ThreadId;
  readonly accountId: AccountId;
  readonly waId: string;
  readonly fromMe: boolean;
  readonly sender: string | null;
  readonly kind: MessageKind;
  readonly text: string | null;
  readonly at: number;
  readonly status: MessageStatus;
  readonly error: string | null;
  readonly seq: number;
  readonly editedAt: number | null;
  readonly isRevoked: boolean;
  readonly quotedWaId: string | null;
  readonly clientToken: string | null;
  readonly operator: string | null;
  readonly reactions: readonly ReactionView[];
}

export interface NoticeView {
  readonly kind: string;
  readonly at: number;
  readonly until: number | null;
  readonly level: string | null;
  readonly used: number | null;
  readonly total: number | null;
}

export type OperatorAction = 'none' | 'wait' | 'scan_qr' | 'reconnect' | 'relink_phone' | 'open_phone' | 'close_other_client' | 'update_product' | 'contact_admin';

export type OperatorRole = 'employee' | 'manager' | 'admin';

export type QrStatus = 'none' | 'generated' | 'expired' | 'used';

export interface QrView {
  readonly qr: string | null;
  readonly pairCode: string | null;
  readonly expiresAt: number;
}

export interface ReactionView {
  readonly emoji: string;
  readonly fromMe: boolean;
  readonly sender: string | null;
}

export type ReasonCode = 'none' | 'never_linked' | 'waiting_for_scan' | 'qr_expired' | 'linking' | 'resuming' | 'proven' | 'connection_lost' | 'network_unreachable' | 'connect_timeout' | 'server_unavailable' | 'restart_required' | 'probe_failed' | 'lease_lost' | 'bridge_stopped' | 'bridge_refused' | 'worker_stopped' | 'logged_out' | 'replaced' | 'forbidden' | 'multidevice_mismatch' | 'bad_session' | 'client_outdated' | 'untrusted_server' | 'stopped_by_person' | 'duplicate_number' | 'storage_refused' | 'unknown';

export interface Seen {
  readonly accountId: AccountId;
  readonly seq: number;
}

export type SendRefusal = 'not_found' | 'empty' | 'too_long' | 'not_connected' | 'token_taken' | 'not_stored';

export interface SendRequest {
  readonly threadId: ThreadId;
  readonly clientToken: string;
  readonly text: string;
}

export interface SendResult {
  readonly message: MessageView | null;
  readonly refusal: SendRefusal | null;
  readonly sentence: string | null;
}

export type SessionStatus = 'init' | 'qr_required' | 'connecting' | 'connected' | 'disconnected' | 'error';

export interface SessionView {
  readonly status: SessionStatus;
  readonly qrStatus: QrStatus;
  readonly reason: ReasonCode;
  readonly action: OperatorAction;
  readonly attempt: number;
  readonly since: number;
  readonly retryAt: number | null;
  readonly qrExpiresAt: number | null;
  readonly lastError: string | null;
  readonly lastConnectedAt: number | null;
  readonly lastMessageAt: number | null;
  readonly lastProofAt: number | null;
  readonly updatedAt: number;
  readonly notices: readonly NoticeView[];
  readonly openSince: number | null;
  readonly lastEventAt: number | null;
  readonly bridgeMemory: number | null;
}

export interface Snapshot {
  readonly at: number;
  readonly systemSeq: number;
  readonly accounts: readonly AccountView[];
  readonly threads: readonly ThreadView[];
}

export type ThreadId = number;

export interface ThreadView {
  readonly id: ThreadId;
  readonly accountId: AccountId;
  readonly title: string;
  readonly phone: string | null;
  readonly isGroup: boolean;
  readonly lastMessageAt: number;
  readonly lastText: string | null;
  readonly lastKind: MessageKind;
  readonly lastFromMe: boolean;
  readonly lastStatus: MessageStatus;
  readonly unread: number;
}

export interface TransitionView {
  readonly at: number;
  readonly from: SessionStatus;
  readonly to: SessionStatus;
  readonly reason: ReasonCode;
  readonly detail: string | null;
}

export interface TypingView {
  readonly accountId: AccountId;
  readonly threadId: ThreadId;
  readonly isComposing: boolean;
}
