namespace RealtimeWa;

/// <summary>One phone is linked to one account: the newest link wins.</summary>
public sealed partial class SessionStore
{
    private static readonly Sql FindOlderLinks = new("""
        SELECT a.id FROM accounts a JOIN sessions s ON s.account_id = a.id
        WHERE a.phone = @phone AND a.id <> @account AND a.deleted_at IS NULL AND s.creds IS NOT NULL AND s.reason <> 'duplicate_number'
        ORDER BY a.id
        """);

    private static readonly Sql IsOwned = new("SELECT COUNT(*) FROM accounts WHERE id = @id AND claimed_by IS NOT NULL AND lease_until > @now");

    private static void HoldAll(Tx tx, IEnumerable<AccountId> accounts)
    {
        foreach (var account in accounts)
        {
            tx.Hold(account, fence: null);
        }
    }

    /// <summary>Its owner closes the connection and says so itself; where there is none, the row says so now.</summary>
    private static Doorbell? Supersede(Tx tx, AccountId older, AccountId newer, Func<SessionView, SessionView> supersede)
    {
        CommandStore.Add(tx, older, CommandKind.Supersede, newer.ToString());
        if (tx.Number(IsOwned, older.Value, tx.Now) > 0 || AccountStore.Find(tx, older) is not { } account)
        {
            return null;
        }

        var closed = supersede(account.Session);
        Put(tx, older, closed, code: null, pairCode: null, detail: null);
        return EventLog.Append(tx, older, fence: null, EventKind.SessionChanged, new(Session: closed));
    }
}
