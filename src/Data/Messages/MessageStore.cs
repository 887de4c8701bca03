using System.Data.Common;

namespace RealtimeWa;

/// <summary>Messages of threads, ordered by time, then id.</summary>
public sealed class MessageStore(Database database)
{
    private const string Columns = """
        m.id, m.thread_id, m.account_id, m.wa_id, m.from_me, m.sender_name, m.kind, m.text, m.at, m.status, m.error, m.seq, m.edited_at,
        m.is_revoked, m.quoted_wa_id, m.client_token, o.name
        """;

    private const string From = "FROM messages m LEFT JOIN operators o ON o.id = m.operator_id";

    private static readonly Sql ById = new($"SELECT {Columns} {From} WHERE m.id = @id");

    private static readonly Sql ByToken = new($"SELECT {Columns} {From} WHERE m.account_id = @account AND m.client_token = @token");

    private static readonly Sql Before = new(
        sqlite: $"""
            SELECT {Columns} {From}
            WHERE m.thread_id = @thread AND (m.at < @at OR (m.at = @at AND m.id < @id))
            ORDER BY m.at DESC, m.id DESC LIMIT @max
            """,
        sqlServer: $"""
            SELECT TOP (@max) {Columns} {From}
            WHERE m.thread_id = @thread AND (m.at < @at OR (m.at = @at AND m.id < @id))
            ORDER BY m.at DESC, m.id DESC
            """);

    private static readonly Sql ThreadAccount = new("""
        SELECT a.id, a.seq FROM threads t JOIN accounts a ON a.id = t.account_id WHERE t.id = @thread AND a.deleted_at IS NULL
        """);

    private static readonly Sql ReactionsOf = new(
        "SELECT emoji, from_me, sender_name FROM reactions WHERE message_id = @message AND emoji <> '' ORDER BY at, sender_id");

    /// <summary>
    /// The newest page, or the one before a place, oldest first. Nothing when there is no such thread.
    /// </summary>
    public Task<MessagePage?> Page(ThreadId thread, MessageCursor? before, int max, CancellationToken cancellationToken) =>
        database.Read(
            tx =>
            {
                var (account, seq) = tx.Row(ThreadAccount, row => (row.Long(0), row.Long(1)), thread.Value);
                if (account == 0)
                {
                    return null;
                }

                var rows = tx.Rows(
                    Before, View, thread.Value, before?.At ?? long.MaxValue, before?.Id.Value ?? long.MaxValue, max + 1);
                var more = rows.Count > max;
                var page = rows.Take(max).Reverse().Select(row => WithReactions(tx, row)).ToList();
                var cursor = more ? new MessageCursor(page[0].At, page[0].Id) : null;
                return new MessagePage(thread, new(account), seq, page, cursor);
            },
            cancellationToken);

    public Task<MessageView?> Find(MessageId id, CancellationToken cancellationToken) =>
        database.Read(tx => Find(tx, id.Value), cancellationToken);

    internal static MessageView? Find(Tx tx, long id) => tx.Row(ById, View, id) is { } row ? WithReactions(tx, row) : null;

    internal static MessageView? FindByToken(Tx tx, AccountId account, string token) =>
        tx.Row(ByToken, View, account.Value, token) is { } row ? WithReactions(tx, row) : null;

    private static MessageView WithReactions(Tx tx, MessageView message)
    {
        var reactions = tx.Rows(ReactionsOf, static row => new ReactionView(row.Text(0), row.Flag(1), row.TextOrNull(2)), message.Id.Value);
        return reactions.Count == 0 ? message : message with { Reactions = reactions };
    }

    private static MessageView View(DbDataReader row) => new(
        new(row.Long(0)),
        new(row.Long(1)),
        new(row.Long(2)),
        row.Text(3),
        row.Flag(4),
        row.TextOrNull(5),
        row.Name<MessageKind>(6),
        row.TextOrNull(7),
        row.Long(8),
        row.Name<MessageStatus>(9),
        row.TextOrNull(10),
        row.Long(11),
        row.LongOrNull(12),
        row.Flag(13),
        row.TextOrNull(14),
        row.TextOrNull(15),
        row.TextOrNull(16),
        []);
}
