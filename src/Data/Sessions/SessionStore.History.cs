namespace RealtimeWa;

/// <summary>What people read of a session's past.</summary>
public sealed partial class SessionStore
{
    private static readonly Sql FindTransitions = new(
        sqlite: """
            SELECT at, from_status, to_status, reason, detail FROM session_transitions
            WHERE account_id = @account ORDER BY id DESC LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) at, from_status, to_status, reason, detail FROM session_transitions
            WHERE account_id = @account ORDER BY id DESC
            """);

    private static readonly Sql FindAttempts = new(
        sqlite: """
            SELECT at, cause, is_teardown, ended_at, outcome, end_reason FROM recovery_attempts
            WHERE account_id = @account ORDER BY id DESC LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) at, cause, is_teardown, ended_at, outcome, end_reason FROM recovery_attempts
            WHERE account_id = @account ORDER BY id DESC
            """);

    private static readonly Sql FindGaps = new(
        sqlite: """
            SELECT from_at, to_at, reason, repaired, unreadable FROM gaps
            WHERE account_id = @account ORDER BY id DESC LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) from_at, to_at, reason, repaired, unreadable FROM gaps
            WHERE account_id = @account ORDER BY id DESC
            """);

    private static readonly Sql RemoveTransitions = new("DELETE FROM session_transitions WHERE at < @before");

    private static readonly Sql RemoveAttempts = new("DELETE FROM recovery_attempts WHERE at < @before");

    private static readonly Sql RemoveGaps = new("DELETE FROM gaps WHERE to_at < @before");

    /// <summary>The newest <paramref name="max"/> of each kind, newest first.</summary>
    public Task<AccountHistory> History(AccountId account, int max, CancellationToken cancellationToken) =>
        database.Read(
            tx => new AccountHistory(
                tx.Rows(
                    FindTransitions,
                    static row => new TransitionView(
                        row.Long(0), row.Name<SessionStatus>(1), row.Name<SessionStatus>(2), row.Name<ReasonCode>(3), row.TextOrNull(4)),
                    account.Value,
                    max),
                tx.Rows(
                    FindAttempts,
                    static row => new AttemptView(
                        row.Long(0),
                        row.Name<ReasonCode>(1),
                        row.Flag(2),
                        row.LongOrNull(3),
                        row.Name<AttemptOutcome>(4),
                        row.TextOrNull(5) is { } reason ? SnakeCase.ToValue<ReasonCode>(reason) : null),
                    account.Value,
                    max),
                tx.Rows(
                    FindGaps,
                    static row => new GapView(row.Long(0), row.LongOrNull(1), row.Name<ReasonCode>(2), (int)row.Long(3), (int)row.Long(4)),
                    account.Value,
                    max)),
            cancellationToken);

    /// <summary>Forgets the history before the given UTC milliseconds.</summary>
    public Task<int> PurgeHistory(long before, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx => tx.Run(RemoveTransitions, before) + tx.Run(RemoveAttempts, before) + tx.Run(RemoveGaps, before),
            cancellationToken);
}
