namespace RealtimeWa;

public sealed partial class OutboxStore
{
    private static readonly Sql SetWriting = new("""
        UPDATE outbox SET state = 'writing', attempts = attempts + 1 WHERE message_id = @message AND account_id = @account AND state = 'queued'
        """);

    private static readonly Sql SetWritten = new("""
        UPDATE outbox SET state = 'written', written_at = @now
        WHERE message_id = @message AND account_id = @account AND state IN ('queued', 'writing')
        """);

    private static readonly Sql FindAcked = new(
        "SELECT message_id FROM outbox WHERE account_id = @account AND wa_id = @wa_id AND state IN ('queued', 'writing', 'written')");

    private static readonly Sql SetState = new("""
        UPDATE outbox SET state = @state, error = @error
        WHERE message_id = @message AND account_id = @account AND state IN ('queued', 'writing', 'written')
        """);

    private static readonly Sql SetRetry = new("""
        UPDATE outbox SET state = 'queued', next_at = @at, error = @error
        WHERE message_id = @message AND account_id = @account AND state IN ('queued', 'writing', 'written')
        """);

    private static readonly Sql SetRequeued = new("""
        UPDATE outbox SET state = 'queued', next_at = @now
        WHERE account_id = @account AND state IN ('writing', 'written') AND (state = 'writing' OR written_at <= @before)
        """);

    private static readonly Sql FindStale = new("""
        SELECT q.message_id FROM outbox q JOIN messages m ON m.id = q.message_id
        WHERE q.account_id = @account AND q.state IN ('queued', 'writing', 'written') AND q.created_at <= @before AND m.status <> 'unknown'
        ORDER BY q.message_id
        """);

    private static readonly Sql FindMessage = new("SELECT status, thread_id FROM messages WHERE id = @message AND account_id = @account");

    private static readonly Sql SetStatus = new("UPDATE messages SET status = @status, error = @error, seq = @seq WHERE id = @message");

    /// <summary>Before the send: after a crash it is known that it may have been written. False when it is no longer due.</summary>
    public Task<bool> MarkWriting(Fence fence, MessageId message, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                return tx.Run(SetWriting, message.Value, fence.AccountId.Value) == 1;
            },
            cancellationToken);

    /// <summary>It is on the socket. Gives nothing when the ack was faster.</summary>
    public Task<Doorbell?> MarkWritten(Fence fence, MessageId message, CancellationToken cancellationToken) =>
        Change(
            fence,
            tx =>
            {
                tx.Run(SetWritten, tx.Now, message.Value, fence.AccountId.Value);
                return message.Value;
            },
            MessageStatus.Sending,
            error: null,
            cancellationToken);

    /// <summary>WhatsApp's server has it; nothing when the id is none of ours or was acknowledged before.</summary>
    public Task<Doorbell?> MarkAcked(Fence fence, string waId, CancellationToken cancellationToken) =>
        Change(
            fence,
            tx =>
            {
                var message = tx.Number(FindAcked, fence.AccountId.Value, waId);
                if (message is not null)
                {
                    tx.Run(SetState, "done", null, message, fence.AccountId.Value);
                }

                return message;
            },
            MessageStatus.Sent,
            error: null,
            cancellationToken);

    /// <summary>WhatsApp's server refused it, by WhatsApp's id.</summary>
    public Task<Doorbell?> MarkRefused(Fence fence, string waId, string error, CancellationToken cancellationToken) =>
        Change(
            fence,
            tx =>
            {
                var message = tx.Number(FindAcked, fence.AccountId.Value, waId);
                if (message is not null)
                {
                    tx.Run(SetState, "failed", error, message, fence.AccountId.Value);
                }

                return message;
            },
            MessageStatus.Failed,
            error,
            cancellationToken);

    /// <summary>It can't be sent, ever; <paramref name="error"/> is a sentence for the person who wrote it.</summary>
    public Task<Doorbell?> MarkFailed(Fence fence, MessageId message, string error, CancellationToken cancellationToken) =>
        Change(
            fence,
            tx => tx.Run(SetState, "failed", error, message.Value, fence.AccountId.Value) == 1 ? message.Value : null,
            MessageStatus.Failed,
            error,
            cancellationToken);

    /// <summary>It is tried again at <paramref name="at"/> (UTC milliseconds), under the same id.</summary>
    public Task Retry(Fence fence, MessageId message, long at, string error, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                tx.Run(SetRetry, at, error, message.Value, fence.AccountId.Value);
            },
            cancellationToken);

    /// <summary>
    /// After a reconnect or takeover: what was being written, and what was written until <paramref name="writtenBefore"/> (UTC
    /// milliseconds) and never acknowledged, is due again. Gives how many.
    /// </summary>
    public Task<int> Requeue(Fence fence, long writtenBefore, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                return tx.Run(SetRequeued, tx.Now, fence.AccountId.Value, writtenBefore);
            },
            cancellationToken);

    /// <summary>
    /// The account did not come back in time: what was queued until <paramref name="queuedBefore"/> and not acknowledged is shown as
    /// unknown. It stays in the outbox and is sent under the same id when the account comes back.
    /// </summary>
    public Task<Doorbell?> MarkUnknown(Fence fence, long queuedBefore, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                var held = tx.Hold(fence.AccountId, fence);
                var seq = held;
                foreach (var message in tx.Rows(FindStale, static row => row.Long(0), fence.AccountId.Value, queuedBefore))
                {
                    seq = Set(tx, fence.AccountId, message, MessageStatus.Unknown, error: null, seq);
                }

                return Reach(tx, fence.AccountId, held, seq);
            },
            cancellationToken);

    private Task<Doorbell?> Change(
        Fence fence, Func<Tx, long?> change, MessageStatus status, string? error, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                var held = tx.Hold(fence.AccountId, fence);
                return change(tx) is { } message
                    ? Reach(tx, fence.AccountId, held, Set(tx, fence.AccountId, message, status, error, held))
                    : null;
            },
            cancellationToken);

    private static Doorbell? Reach(Tx tx, AccountId account, long held, long seq)
    {
        if (seq == held)
        {
            return null;
        }

        tx.Reach(account, seq);
        return new(account, seq);
    }

    /// <summary>Moves a message forward and writes its event; gives the number reached.</summary>
    private static long Set(Tx tx, AccountId account, long message, MessageStatus status, string? error, long seq)
    {
        var (current, thread) = tx.Row(FindMessage, static row => (row.Name<MessageStatus>(0), row.Long(1)), message, account.Value);
        if (thread == 0 || StatusOrder.Later(current, status) == current)
        {
            return seq;
        }

        seq++;
        tx.Run(SetStatus, SnakeCase.ToName(status), error, seq, message);
        ThreadRows.Refresh(tx, thread);
        EventLog.Write(
            tx, account, seq, EventKind.MessageChanged, new(Thread: ThreadStore.Find(tx, thread), Message: MessageStore.Find(tx, message)));
        return seq;
    }
}
