namespace RealtimeWa;

/// <summary>What the database says about itself and what is in it: the product's own insides, read for the page that shows them.</summary>
public sealed class InventoryStore(Database database)
{
    private static readonly Sql Engine = new(
        sqlite: "SELECT sqlite_version()",
        sqlServer: "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128))");

    // Pages in both: SQLite says how large its own are, SQL Server's have 8 KB.
    private static readonly Sql Size = new(
        sqlite: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        sqlServer: "SELECT SUM(CAST(size AS BIGINT)) * 8192 FROM sys.database_files");

    private static readonly Sql Schema = new(
        sqlite: "SELECT version, applied_at FROM schema_versions ORDER BY version DESC LIMIT 1",
        sqlServer: "SELECT TOP (1) version, applied_at FROM schema_versions ORDER BY version DESC");

    private static readonly Sql CountAccounts = new("SELECT COUNT(*) FROM accounts WHERE id > 0 AND deleted_at IS NULL");

    private static readonly Sql CountThreads = new("SELECT COUNT(*) FROM threads");

    private static readonly Sql CountMessages = new("SELECT COUNT(*) FROM messages");

    private static readonly Sql CountOperators = new("SELECT COUNT(*) FROM operators");

    private static readonly Sql CountOutbox = new("SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'writing')");

    private static readonly Sql CountInbound = new("SELECT COUNT(*) FROM inbound WHERE done_at IS NULL");

    private static readonly Sql CountEvents = new("SELECT COUNT(*) FROM events");

    private static readonly Sql FindLeases = new("""
        SELECT a.id, a.label, a.claimed_by, a.claimed_at, a.lease_until, a.lease_epoch, s.bridge_memory
        FROM accounts a JOIN sessions s ON s.account_id = a.id
        WHERE a.id > 0 AND a.deleted_at IS NULL ORDER BY a.id
        """);

    /// <summary>All of one moment.</summary>
    public Task<Inventory> Read(CancellationToken cancellationToken) => database.Read(
        tx =>
        {
            var (version, appliedAt) = tx.Row(Schema, row => (row.Long(0), row.Long(1)));
            return new Inventory(
                new(tx.Dialect, tx.Row(Engine, row => row.Text(0)) ?? "", tx.Number(Size) ?? 0, version, appliedAt),
                new(Count(tx, CountAccounts), Count(tx, CountThreads), Count(tx, CountMessages), Count(tx, CountOperators), Count(tx, CountOutbox), Count(tx, CountInbound), Count(tx, CountEvents)),
                tx.Rows(FindLeases, row => new Holding(new(row.Long(0)), row.Text(1), row.TextOrNull(2), row.LongOrNull(3), row.LongOrNull(4), row.Long(5), row.LongOrNull(6))));
        },
        cancellationToken);

    private static long Count(Tx tx, Sql sql) => tx.Number(sql) ?? 0;
}
