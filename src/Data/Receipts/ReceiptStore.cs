namespace RealtimeWa;

/// <summary>Who got, read or played a message.</summary>
public sealed record ReceiptView(string? Name, string? Phone, ReceiptStatus Status, long At);

public sealed class ReceiptStore(Database database)
{
    private static readonly Sql OfMessage = new("""
        SELECT COALESCE(c.name, c.push_name), c.pn, r.status, r.at
        FROM messages m
        JOIN receipts r ON r.thread_id = m.thread_id AND r.wa_id = m.wa_id AND r.from_me = 0
        LEFT JOIN contacts c ON c.id = r.sender_id
        WHERE m.id = @message AND m.from_me = 1
        ORDER BY r.at, r.sender_id
        """);

    /// <summary>The receipts of an own message, one per person, oldest first.</summary>
    public Task<IReadOnlyList<ReceiptView>> Of(MessageId message, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<ReceiptView>>(
            tx => tx.Rows(
                OfMessage,
                row => new ReceiptView(row.TextOrNull(0), row.TextOrNull(1), row.Name<ReceiptStatus>(2), row.Long(3)),
                message.Value),
            cancellationToken);
}
