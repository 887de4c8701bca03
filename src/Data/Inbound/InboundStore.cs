namespace RealtimeWa;

/// <summary>What an ingest did. Doorbells to ring, and who is typing where: that is no row.</summary>
/// <param name="Doorbell">Nothing when no console shows anything new.</param>
public sealed record Ingested(Doorbell? Doorbell, IReadOnlyList<TypingView> Typing);

/// <summary>Stanzas that were saved before they were acknowledged, and the rows that they become.</summary>
public sealed partial class InboundStore
{
    private static readonly Sql FindPending = new(
        sqlite: """
            SELECT record_key, kind, node, plaintexts, offline, at FROM inbound
            WHERE account_id = @account AND done_at IS NULL ORDER BY id LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) record_key, kind, node, plaintexts, offline, at FROM inbound
            WHERE account_id = @account AND done_at IS NULL ORDER BY id
            """);

    private static readonly Sql MarkRefused = new("""
        UPDATE inbound SET done_at = @now, error = @error WHERE account_id = @account AND record_key = @key AND at <= @at AND done_at IS NULL
        """);

    private static readonly Sql PurgeRecords = new("DELETE FROM inbound WHERE done_at IS NOT NULL AND done_at < @before");

    // A plaintext may still be asked for while its record waits.
    private static readonly Sql PurgePlaintexts = new("""
        DELETE FROM inbound_plaintexts WHERE at < @before
          AND NOT EXISTS (SELECT 1 FROM inbound i WHERE i.account_id = inbound_plaintexts.account_id AND i.done_at IS NULL)
        """);

    private readonly Database database;
    private readonly Vault vault;

    internal InboundStore(Database database, Vault vault) => (this.database, this.vault) = (database, vault);

    /// <summary>Records that never became rows, oldest first, with their plaintexts: what is replayed at start.</summary>
    public async Task<IReadOnlyList<InboundRecord>> Pending(AccountId account, int max, CancellationToken cancellationToken)
    {
        var key = await vault.For(account, cancellationToken);
        return await database.Read<IReadOnlyList<InboundRecord>>(
            tx =>
            {
                var rows = tx.Rows(
                    FindPending,
                    row => (Record: new InboundRecord(row.Text(0), row.Text(1), row.Bytes(2), [], row.Flag(4), row.Long(5)), Hashes: row.Text(3)),
                    account.Value,
                    max);
                return
                [
                    .. rows.Select(row => row.Record with
                    {
                        Plaintexts =
                        [
                            .. row.Hashes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                                .Select(hash => (Hash: hash, Bytes: SealedRecord.Plaintext(tx, account, hash, key)))
                                .Where(plaintext => plaintext.Bytes is not null)
                                .Select(plaintext => new Plaintext(plaintext.Hash, plaintext.Bytes!)),
                        ],
                    }),
                ];
            },
            cancellationToken);
    }

    /// <summary>
    /// Makes rows and events of what records became and marks the records done, all in one transaction. A record to which a later commit
    /// added something stays open for that. The same items again change nothing. Throws <see cref="LeaseLostException"/>.
    /// </summary>
    public Task<Ingested> Ingest(Fence fence, IReadOnlyList<InboundItem> items, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                var ingest = new Ingest(tx, fence, tx.Hold(fence.AccountId, fence));
                foreach (var item in items)
                {
                    ingest.Take(item);
                }

                return ingest.Finish();
            },
            cancellationToken);

    /// <summary>Sets a record aside that can't become rows, so that it does not hold up the others for ever.</summary>
    /// <param name="at">Of the record as it was read.</param>
    /// <param name="error">A sentence without content of the message.</param>
    public Task Refuse(Fence fence, string key, long at, string error, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                tx.Run(MarkRefused, tx.Now, error, fence.AccountId.Value, key, at);
            },
            cancellationToken);

    /// <summary>Forgets records that were done, and plaintexts that were made, before the given UTC milliseconds.</summary>
    public Task<int> Purge(long before, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx => tx.Run(PurgeRecords, before) + tx.Run(PurgePlaintexts, before),
            cancellationToken);
}
