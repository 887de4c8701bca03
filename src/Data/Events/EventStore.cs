namespace RealtimeWa;

/// <summary>The numbered changes of the last days.</summary>
public sealed class EventStore(Database database)
{
    private static readonly Sql After1 = new(
        sqlite: "SELECT account_id, seq, at, kind, body FROM events WHERE account_id = @account AND seq > @after ORDER BY seq LIMIT @max",
        sqlServer: "SELECT TOP (@max) account_id, seq, at, kind, body FROM events WHERE account_id = @account AND seq > @after ORDER BY seq");

    private static readonly Sql HeadsOfAll = new("SELECT id, seq FROM accounts WHERE deleted_at IS NULL");

    private static readonly Sql Head = new("SELECT seq FROM accounts WHERE id = @account");

    private static readonly Sql PurgeOld = new("""
        DELETE FROM events WHERE at < @before AND seq < (SELECT MAX(e.seq) FROM events e WHERE e.account_id = events.account_id)
        """);

    /// <summary>The events of one account after a number, oldest first. A number that the log does not know asks for a snapshot.</summary>
    public Task<CatchUp> After(AccountId account, long seq, int max, CancellationToken cancellationToken) =>
        database.Read(
            tx =>
            {
                var head = tx.Number(Head, account.Value) ?? -1;
                var events = Read(tx, account, seq, max + 1);
                var isLost = seq > head || (seq < head && (events.Count == 0 || events[0].Seq != seq + 1));
                return isLost
                    ? new CatchUp(account, [], More: false, SnapshotNeeded: true)
                    : new CatchUp(account, events.Count > max ? events[..max] : events, More: events.Count > max, SnapshotNeeded: false);
            },
            cancellationToken);

    /// <summary>The newest number of every account, 0 included.</summary>
    public Task<IReadOnlyDictionary<AccountId, long>> Heads(CancellationToken cancellationToken) =>
        database.Read<IReadOnlyDictionary<AccountId, long>>(Heads, cancellationToken);

    /// <summary>
    /// What came since the numbers that were seen, of all accounts, in order per account; for tailing. An account that is not in
    /// <paramref name="seen"/> begins at its first event. A gap at the front means that the log was purged in between.
    /// </summary>
    public Task<IReadOnlyList<EventView>> Since(IReadOnlyDictionary<AccountId, long> seen, int max, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<EventView>>(
            tx =>
            {
                List<EventView> events = [];
                foreach (var (account, head) in Heads(tx).OrderBy(pair => pair.Key.Value))
                {
                    var from = seen.GetValueOrDefault(account);
                    if (head > from && events.Count < max)
                    {
                        events.AddRange(Read(tx, account, from, max - events.Count));
                    }
                }

                return events;
            },
            cancellationToken);

    /// <summary>Forgets what is older than <paramref name="before"/> (UTC milliseconds); the newest event of each account stays.</summary>
    public Task<int> Purge(long before, CancellationToken cancellationToken) =>
        database.Write(AccountId.System, tx => tx.Run(PurgeOld, before), cancellationToken);

    private static Dictionary<AccountId, long> Heads(Tx tx) =>
        tx.Rows(HeadsOfAll, row => (Id: new AccountId(row.Long(0)), Seq: row.Long(1))).ToDictionary(pair => pair.Id, pair => pair.Seq);

    private static List<EventView> Read(Tx tx, AccountId account, long after, int max) => tx.Rows(
        After1,
        row => new EventView(
            new(row.Long(0)), row.Long(1), row.Long(2), row.Name<EventKind>(3), ViewJson.Read<EventBody>(row.Text(4))),
        account.Value,
        after,
        max);
}
