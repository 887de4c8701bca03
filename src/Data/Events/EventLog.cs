namespace RealtimeWa;

/// <summary>Appends numbered changes; always inside the transaction of the change itself.</summary>
internal static class EventLog
{
    private static readonly Sql Insert = new(
        "INSERT INTO events (account_id, seq, at, kind, body) VALUES (@account, @seq, @at, @kind, @body)");

    /// <summary>Fence, number and row in one; for a transaction whose first statement this is, or that has held the account before.</summary>
    public static Doorbell Append(Tx tx, AccountId account, Fence? fence, EventKind kind, EventBody body)
    {
        var seq = tx.Advance(account, 1, fence);
        Write(tx, account, seq, kind, body);
        return new(account, seq);
    }

    public static void Write(Tx tx, AccountId account, long seq, EventKind kind, EventBody body) =>
        tx.Run(Insert, account.Value, seq, tx.Now, SnakeCase.ToName(kind), ViewJson.Write(body));
}
