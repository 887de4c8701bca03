namespace RealtimeWa;

/// <summary>What a console needs for its first paint, all of one moment.</summary>
public sealed class SnapshotStore(Database database)
{
    private static readonly Sql SystemSeq = new("SELECT seq FROM accounts WHERE id = 0");

    /// <param name="threads">How many of the newest threads.</param>
    public Task<Snapshot> Read(int threads, CancellationToken cancellationToken) =>
        database.Read(
            tx => new Snapshot(tx.Now, tx.Number(SystemSeq) ?? 0, AccountStore.List(tx), ThreadStore.Newest(tx, threads)),
            cancellationToken);
}
