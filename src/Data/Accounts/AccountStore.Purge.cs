namespace RealtimeWa;

public sealed partial class AccountStore
{
    private static readonly Sql FindBuried = new("SELECT id FROM accounts WHERE deleted_at IS NOT NULL AND deleted_at < @before ORDER BY id");

    private static readonly Sql RemoveMessages = new(
        sqlite: "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE account_id = @account ORDER BY id LIMIT @max)",
        sqlServer: "DELETE FROM messages WHERE id IN (SELECT TOP (@max) id FROM messages WHERE account_id = @account ORDER BY id)");

    private static readonly Sql RemoveReceipts = new(
        "DELETE FROM receipts WHERE thread_id IN (SELECT id FROM threads WHERE account_id = @account)");

    private static readonly Sql RemoveAmendments = new(
        "DELETE FROM amendments WHERE thread_id IN (SELECT id FROM threads WHERE account_id = @account)");

    private static readonly Sql RemoveThreads = new("DELETE FROM threads WHERE account_id = @account");

    private static readonly Sql RemoveContacts = new("DELETE FROM contacts WHERE account_id = @account");

    private static readonly Sql RemoveTransitions = new("DELETE FROM session_transitions WHERE account_id = @account");

    private static readonly Sql RemoveAttempts = new("DELETE FROM recovery_attempts WHERE account_id = @account");

    private static readonly Sql RemoveGaps = new("DELETE FROM gaps WHERE account_id = @account");

    private static readonly Sql RemoveEvents = new("DELETE FROM events WHERE account_id = @account");

    /// <summary>
    /// Removes the chats of accounts that were deleted before the given UTC milliseconds, at most <paramref name="max"/> messages at a
    /// time so that nobody waits long. Gives how many messages went; call again until 0.
    /// </summary>
    public Task<int> Purge(long before, int max, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx =>
            {
                var removed = 0;
                foreach (var account in tx.Rows(FindBuried, static row => row.Long(0), before))
                {
                    removed += tx.Run(RemoveMessages, account, max - removed);
                    if (removed >= max)
                    {
                        return removed;
                    }

                    tx.Run(RemoveReceipts, account);
                    tx.Run(RemoveAmendments, account);
                    tx.Run(RemoveThreads, account);
                    tx.Run(RemoveContacts, account);
                    tx.Run(RemoveTransitions, account);
                    tx.Run(RemoveAttempts, account);
                    tx.Run(RemoveGaps, account);
                    tx.Run(RemoveEvents, account);
                }

                return removed;
            },
            cancellationToken);
}
