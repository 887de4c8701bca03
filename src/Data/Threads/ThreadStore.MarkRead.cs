namespace RealtimeWa;

/// <param name="Doorbell">Nothing when nothing was unread.</param>
/// <param name="CommandWaits">True when the worker has to tell WhatsApp.</param>
public sealed record MarkedRead(AccountId AccountId, Doorbell? Doorbell, bool CommandWaits);

public sealed partial class ThreadStore
{
    private static readonly Sql Account = new("SELECT account_id FROM threads WHERE id = @id");

    private static readonly Sql FindTime = new("SELECT at FROM messages WHERE id = @message AND thread_id = @thread");

    private static readonly Sql FindUnread = new("""
        SELECT t.jid, m.wa_id, t.is_group, c.pn, c.lid
        FROM messages m JOIN threads t ON t.id = m.thread_id LEFT JOIN contacts c ON c.id = m.sender_id
        WHERE m.thread_id = @thread AND m.is_unread = 1 AND (m.at < @at OR (m.at = @at AND m.id <= @message))
        ORDER BY m.at, m.id
        """);

    private static readonly Sql SetRead = new("""
        UPDATE messages SET is_unread = 0 WHERE thread_id = @thread AND is_unread = 1 AND (at < @at OR (at = @at AND id <= @message))
        """);

    /// <summary>
    /// Everything up to a message was seen here: the unread count falls, and a command tells WhatsApp. Nothing when there is no such
    /// thread or message.
    /// </summary>
    public async Task<MarkedRead?> MarkRead(ThreadId thread, MessageId upTo, CancellationToken cancellationToken)
    {
        var account = await database.Read(tx => tx.Number(Account, thread.Value), cancellationToken);
        if (account is null)
        {
            return null;
        }

        return await database.Write(new(account.Value), tx => MarkRead(tx, new(account.Value), thread.Value, upTo.Value), cancellationToken);
    }

    private static MarkedRead? MarkRead(Tx tx, AccountId account, long thread, long upTo)
    {
        var seq = tx.Hold(account, fence: null);
        if (tx.Number(FindTime, upTo, thread) is not { } at)
        {
            return null;
        }

        var messages = tx.Rows(
            FindUnread,
            row => new ReadMessage(row.Text(0), row.Text(1), row.Flag(2) ? Jid(row.TextOrNull(3), row.TextOrNull(4)) : null),
            thread,
            at,
            upTo);
        if (messages.Count == 0)
        {
            return new(account, Doorbell: null, CommandWaits: false);
        }

        tx.Run(SetRead, thread, at, upTo);
        ThreadRows.Refresh(tx, thread);
        tx.Reach(account, seq + 1);
        EventLog.Write(tx, account, seq + 1, EventKind.ThreadChanged, new(Thread: Find(tx, thread)));
        CommandStore.Add(tx, account, CommandKind.MarkRead, ViewJson.Write(new ReadArgument(messages)));
        return new(account, new(account, seq + 1), CommandWaits: true);
    }

    private static string? Jid(string? pn, string? lid) => lid is null ? pn is null ? null : $"{pn}@s.whatsapp.net" : $"{lid}@lid";
}
