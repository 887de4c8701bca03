namespace RealtimeWa;

/// <summary>A record as it is kept. Its plaintexts may hold keys of groups and of the app state, so they are sealed like keys.</summary>
internal sealed class SealedRecord
{
    private static readonly Sql Find = new("SELECT id, plaintexts FROM inbound WHERE account_id = @account AND record_key = @key");

    private static readonly Sql Insert = new("""
        INSERT INTO inbound (account_id, record_key, kind, node, plaintexts, offline, at)
        VALUES (@account, @key, @kind, @node, @plaintexts, @offline, @at)
        """);

    // A second part means that the record is not done, whatever was thought of its first. Clocks go back; this number must not.
    private static readonly Sql Extend = new("""
        UPDATE inbound SET plaintexts = @plaintexts, at = CASE WHEN at < @at THEN @at ELSE at + 1 END, done_at = NULL, error = NULL
        WHERE id = @id
        """);

    private static readonly Sql InsertPlaintext = new(
        sqlite: """
            INSERT INTO inbound_plaintexts (account_id, hash, plaintext, at) VALUES (@account, @hash, @plaintext, @at)
            ON CONFLICT (account_id, hash) DO NOTHING
            """,
        sqlServer: """
            IF NOT EXISTS (SELECT 1 FROM inbound_plaintexts WHERE account_id = @account AND hash = @hash)
              INSERT INTO inbound_plaintexts (account_id, hash, plaintext, at) VALUES (@account, @hash, @plaintext, @at)
            """);

    private static readonly Sql FindPlaintext = new("SELECT plaintext FROM inbound_plaintexts WHERE account_id = @account AND hash = @hash");

    private readonly InboundRecord record;
    private readonly (string Hash, byte[] Value)[] plaintexts;

    private SealedRecord(InboundRecord record, (string Hash, byte[] Value)[] plaintexts) => (this.record, this.plaintexts) = (record, plaintexts);

    public static SealedRecord Of(InboundRecord record, DataKey key) =>
        new(record, [.. record.Plaintexts.Select(plaintext => (plaintext.Hash, key.Seal(SecretNames.Plaintext, plaintext.Hash, plaintext.Bytes)))]);

    public static byte[]? Plaintext(Tx tx, AccountId account, string hash, DataKey key) =>
        tx.Row(FindPlaintext, static row => row.Bytes(0), account.Value, hash) is { } value ? key.Open(SecretNames.Plaintext, hash, value) : null;

    public void Save(Tx tx, AccountId account)
    {
        foreach (var (hash, value) in plaintexts)
        {
            tx.Run(InsertPlaintext, account.Value, hash, value, tx.Now);
        }

        var known = tx.Row(Find, static row => (Id: row.Long(0), Hashes: row.Text(1)), account.Value, record.Key);
        if (known.Id == 0)
        {
            var hashes = string.Join(' ', plaintexts.Select(plaintext => plaintext.Hash));
            tx.Run(Insert, account.Value, record.Key, record.Kind, record.Node, hashes, record.Offline, record.At);
            return;
        }

        var saved = known.Hashes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] all = [.. saved, .. plaintexts.Select(plaintext => plaintext.Hash).Except(saved, StringComparer.Ordinal)];
        if (all.Length > saved.Length)
        {
            tx.Run(Extend, string.Join(' ', all), record.At, known.Id);
        }
    }
}
