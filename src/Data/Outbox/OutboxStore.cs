namespace RealtimeWa;

/// <summary>A message that has to be written to WhatsApp.</summary>
/// <param name="Content">What to send, as JSON: a union by its one key, as the bridge takes it.</param>
/// <param name="Attempts">How often it was tried before.</param>
public sealed record OutboxItem(
    MessageId MessageId, ThreadId ThreadId, string WaId, string ChatJid, string Content, int Attempts, long CreatedAt);

/// <summary>A message as it will stand in the outbox.</summary>
/// <param name="Content">What to send, as JSON: a union by its one key, as the bridge takes it.</param>
public sealed record Draft(string WaId, string ChatJid, string Content);

/// <summary>The queued message (an earlier one when the token was used before), or why not.</summary>
/// <param name="Status">The session's, when that is why.</param>
public sealed record Enqueued(
    AccountId? AccountId, MessageView? Message, Doorbell? Doorbell, SendRefusal? Refusal, string? Sentence, SessionStatus? Status = null);

/// <summary>
/// Messages on their way out. The message id is fixed when a message is queued and kept through every retry, so that a second writing
/// is the same message on the phone.
/// </summary>
public sealed partial class OutboxStore(Database database)
{
    // A message that waits for its next attempt holds the later ones of its conversation: they keep their order.
    private static readonly Sql FindDue = new(
        sqlite: """
            SELECT message_id, thread_id, wa_id, chat_jid, content, attempts, created_at FROM outbox q
            WHERE account_id = @account AND state = 'queued'
              AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = @account AND a.lease_epoch = @epoch AND a.claimed_by = @worker)
              AND next_at <= @now AND NOT EXISTS (SELECT 1 FROM outbox e
                WHERE e.account_id = @account AND e.thread_id = q.thread_id AND e.state = 'queued' AND e.message_id < q.message_id AND e.next_at > @now)
            ORDER BY message_id LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) message_id, thread_id, wa_id, chat_jid, content, attempts, created_at FROM outbox q
            WHERE account_id = @account AND state = 'queued'
              AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = @account AND a.lease_epoch = @epoch AND a.claimed_by = @worker)
              AND next_at <= @now AND NOT EXISTS (SELECT 1 FROM outbox e
                WHERE e.account_id = @account AND e.thread_id = q.thread_id AND e.state = 'queued' AND e.message_id < q.message_id AND e.next_at > @now)
            ORDER BY message_id
            """);

    private static readonly Sql FindNext = new("SELECT MIN(next_at) FROM outbox WHERE account_id = @account AND state = 'queued'");

    private static readonly Sql FindWaiting = new(
        "SELECT DISTINCT account_id FROM outbox WHERE state = 'queued' AND next_at <= @now ORDER BY account_id");

    private static readonly Sql PurgeDone = new("DELETE FROM outbox WHERE state IN ('done', 'failed') AND created_at < @before");

    /// <summary>What may be written now, oldest first; nothing for a worker that no longer owns the account.</summary>
    public Task<IReadOnlyList<OutboxItem>> Due(Fence fence, int max, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<OutboxItem>>(
            tx => tx.Rows(
                FindDue,
                row => new OutboxItem(
                    new(row.Long(0)), new(row.Long(1)), row.Text(2), row.Text(3), row.Text(4), (int)row.Long(5), row.Long(6)),
                fence.AccountId.Value,
                fence.Epoch,
                fence.WorkerId,
                tx.Now,
                max),
            cancellationToken);

    /// <summary>When the next message of an account becomes due (UTC milliseconds); nothing when none waits.</summary>
    public Task<long?> NextDue(AccountId account, CancellationToken cancellationToken) =>
        database.Read(tx => tx.Number(FindNext, account.Value), cancellationToken);

    /// <summary>Accounts with something due: for the sweep.</summary>
    public Task<IReadOnlyList<AccountId>> Waiting(CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<AccountId>>(tx => tx.Rows(FindWaiting, row => new AccountId(row.Long(0)), tx.Now), cancellationToken);

    /// <summary>Forgets rows that are done or failed and were queued before the given UTC milliseconds. Messages stay.</summary>
    public Task<int> Purge(long before, CancellationToken cancellationToken) =>
        database.Write(AccountId.System, tx => tx.Run(PurgeDone, before), cancellationToken);
}
