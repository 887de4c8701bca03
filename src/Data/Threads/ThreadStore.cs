using System.Data.Common;

namespace RealtimeWa;

/// <summary>Conversations. One that has no message yet is in no list.</summary>
public sealed partial class ThreadStore(Database database)
{
    private const string Columns = """
        t.id, t.account_id, t.title, c.pn, t.is_group, t.last_message_at, t.last_text, t.last_kind, t.last_from_me, t.last_status, t.unread
        """;

    private const string From = "FROM threads t JOIN accounts a ON a.id = t.account_id LEFT JOIN contacts c ON c.id = t.contact_id";

    private static readonly Sql ById = new($"SELECT {Columns} {From} WHERE t.id = @id AND a.deleted_at IS NULL");

    private static readonly Sql Before = new(
        sqlite: $"""
            SELECT {Columns} {From}
            WHERE a.deleted_at IS NULL AND t.last_message_at > 0
              AND (t.last_message_at < @at OR (t.last_message_at = @at AND t.id < @id))
            ORDER BY t.last_message_at DESC, t.id DESC LIMIT @max
            """,
        sqlServer: $"""
            SELECT TOP (@max) {Columns} {From}
            WHERE a.deleted_at IS NULL AND t.last_message_at > 0
              AND (t.last_message_at < @at OR (t.last_message_at = @at AND t.id < @id))
            ORDER BY t.last_message_at DESC, t.id DESC
            """);

    /// <summary>Threads of all accounts before a place, newest first.</summary>
    public Task<IReadOnlyList<ThreadView>> Page(long beforeAt, ThreadId beforeId, int max, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<ThreadView>>(tx => tx.Rows(Before, View, beforeAt, beforeId.Value, max), cancellationToken);

    public Task<ThreadView?> Find(ThreadId id, CancellationToken cancellationToken) =>
        database.Read(tx => Find(tx, id.Value), cancellationToken);

    /// <summary>The thread with a phone number (digits), made when there is none; nothing when there is no such account.</summary>
    public Task<ThreadView?> FindOrAdd(AccountId account, string phone, CancellationToken cancellationToken) =>
        database.Write(
            account,
            tx =>
            {
                if (AccountStore.Find(tx, account) is null)
                {
                    return null;
                }

                tx.Hold(account, fence: null);
                var people = new AddressBook(tx, account);
                return Find(tx, people.Thread(new Chat($"{phone}@s.whatsapp.net", phone)).Id);
            },
            cancellationToken);

    internal static ThreadView? Find(Tx tx, long id) => tx.Row(ById, View, id);

    internal static List<ThreadView> Newest(Tx tx, int max) => tx.Rows(Before, View, long.MaxValue, long.MaxValue, max);

    private static ThreadView View(DbDataReader row) => new(
        new(row.Long(0)),
        new(row.Long(1)),
        row.Text(2),
        row.TextOrNull(3),
        row.Flag(4),
        row.Long(5),
        row.TextOrNull(6),
        row.Name<MessageKind>(7),
        row.Flag(8),
        row.Name<MessageStatus>(9),
        (int)row.Long(10));
}
