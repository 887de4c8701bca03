namespace RealtimeWa;

/// <summary>How sessions came back: attempts and gaps.</summary>
public sealed partial class SessionStore
{
    private static readonly Sql BeginAttempt = new("""
        INSERT INTO recovery_attempts (account_id, at, cause, is_teardown, is_by_person, outcome)
        VALUES (@account, @at, @cause, @is_teardown, @is_by_person, 'running')
        """);

    private static readonly Sql EndAttempts = new("""
        UPDATE recovery_attempts SET ended_at = @at, outcome = @outcome, end_reason = @reason WHERE account_id = @account AND outcome = 'running'
        """);

    // A teardown after which the network could not be reached says nothing against the session: an outage uses none of the limit.
    private static readonly Sql FindTeardowns = new("""
        SELECT at FROM recovery_attempts
        WHERE account_id = @account AND is_teardown = 1 AND at > @since
          AND (end_reason IS NULL OR outcome <> 'failed' OR end_reason NOT IN ('network_unreachable', 'connect_timeout'))
          AND id > (SELECT COALESCE(MAX(asked.id), 0) FROM recovery_attempts asked WHERE asked.account_id = @account AND asked.is_by_person = 1)
        ORDER BY id
        """);

    private static readonly Sql OpenGap = new("""
        INSERT INTO gaps (account_id, from_at, reason)
        SELECT @account, @from, @reason WHERE NOT EXISTS (SELECT 1 FROM gaps WHERE account_id = @account AND to_at IS NULL)
        """);

    private static readonly Sql CloseGap = new("UPDATE gaps SET to_at = @at WHERE account_id = @account AND to_at IS NULL");

    private static readonly Sql LastGap = new("""
        SELECT id, from_at, to_at, repaired, unreadable FROM gaps
        WHERE id = (SELECT MAX(id) FROM gaps WHERE account_id = @account AND to_at IS NOT NULL)
        """);

    // WhatsApp's times are whole seconds: what was written in the gap's first second may carry the second's beginning.
    private static readonly Sql CountMessages = new("""
        SELECT COUNT(CASE WHEN m.kind <> 'placeholder' THEN 1 END), COUNT(CASE WHEN m.kind = 'placeholder' THEN 1 END)
        FROM threads t JOIN messages m ON m.thread_id = t.id
        WHERE t.account_id = @account AND t.last_message_at > @from - 1000
          AND m.at > @from - 1000 AND m.at <= @to AND m.from_me = 0 AND m.created_at >= @arrived_since
        """);

    private static readonly Sql SetCounts = new("UPDATE gaps SET repaired = @repaired, unreadable = @unreadable WHERE id = @id");

    private static readonly long Hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    /// <summary>
    /// Counts anew what came of the last gap that was closed. The doorbell of an event that changes nothing but tells whoever looks at
    /// the history that there is more; nothing when the counts are as they were.
    /// </summary>
    /// <param name="arrivedSince">As in <see cref="HistoryStep.GapClosed"/>.</param>
    public Task<Doorbell?> CountGap(Fence fence, long arrivedSince, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                return CountLastGap(tx, fence.AccountId, arrivedSince) && AccountStore.Find(tx, fence.AccountId) is { } account
                    ? EventLog.Append(tx, fence.AccountId, fence, EventKind.SessionChanged, new(Session: account.Session))
                    : null;
            },
            cancellationToken);

    /// <summary>When open sockets were given up lately because a probe failed, as far as that counts against the limit.</summary>
    private static List<long> Teardowns(Tx tx, AccountId account) =>
        tx.Rows(FindTeardowns, static row => row.Long(0), account.Value, tx.Now - Hour);

    private static void Write(Tx tx, AccountId account, IReadOnlyList<HistoryStep> steps)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case HistoryStep.AttemptBegan began:
                    tx.Run(BeginAttempt, account.Value, began.At, SnakeCase.ToName(began.Cause), began.IsTeardown, began.IsByPerson);
                    break;
                case HistoryStep.AttemptEnded ended:
                    tx.Run(
                        EndAttempts,
                        ended.At,
                        SnakeCase.ToName(ended.Outcome),
                        ended.Reason is { } reason ? SnakeCase.ToName(reason) : null,
                        account.Value);
                    break;
                case HistoryStep.GapOpened opened:
                    tx.Run(OpenGap, account.Value, opened.From, SnakeCase.ToName(opened.Reason));
                    break;
                case HistoryStep.GapClosed closed:
                    if (tx.Run(CloseGap, closed.At, account.Value) > 0)
                    {
                        CountLastGap(tx, account, closed.ArrivedSince);
                    }

                    break;
            }
        }
    }

    private static bool CountLastGap(Tx tx, AccountId account, long arrivedSince)
    {
        var (gap, from, to, known) = tx.Row(
            LastGap, static row => (row.Long(0), row.Long(1), row.Long(2), (row.Long(3), row.Long(4))), account.Value);
        if (gap == 0)
        {
            return false;
        }

        var counted = tx.Row(CountMessages, static row => (row.Count(0), row.Count(1)), account.Value, from, to, arrivedSince);
        if (counted == known)
        {
            return false;
        }

        tx.Run(SetCounts, counted.Item1, counted.Item2, gap);
        return true;
    }
}
