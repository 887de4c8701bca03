namespace RealtimeWa;

public sealed class MigrationTests
{
    private static readonly Sql Versions = new("SELECT COUNT(*) FROM schema_versions");

    private static readonly Sql AddNewer = new("INSERT INTO schema_versions (version, name, checksum, applied_at) VALUES (999, 'later', 'x', 0)");

    private static readonly Sql ChangeChecksum = new("UPDATE schema_versions SET checksum = 'another' WHERE version = 1");

    private static readonly Sql HalfTables = new("SELECT COUNT(*) FROM sqlite_master WHERE name = 'half'");

    [Theory, EachDatabase]
    public async Task An_empty_database_gets_every_migration_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        await using var other = await data.OpenAnother();

        Assert.Equal(Migrations.All(dialect).Count, await other.Database.Read(tx => tx.Number(Versions), TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_newer_database_is_refused_and_not_touched(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        await data.Database.Write(AccountId.System, tx => { tx.Run(AddNewer); }, TestData.Cancel);

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(data.OpenAnother);

        Assert.Equal(StorageRefusal.NewerSchema, refused.Refusal);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Migrations.All(dialect).Count + 1, await data.Database.Read(tx => tx.Number(Versions), TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_changed_migration_is_refused(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        await data.Database.Write(AccountId.System, tx => { tx.Run(ChangeChecksum); }, TestData.Cancel);

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(data.OpenAnother);

        Assert.Equal(StorageRefusal.ChangedSchema, refused.Refusal);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        Migration broken = new(9999, "broken", "CREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1)", "x");
        using var connection = new SqliteConnections(data.Place.File).OpenWriter();
        using var tx = new Tx(connection, Dialect.Sqlite, data.Time, transaction: null);

        Assert.ThrowsAny<System.Data.Common.DbException>(() => Migrations.Apply(tx, [.. Migrations.All(Dialect.Sqlite), broken]));

        Assert.Equal(Migrations.All(Dialect.Sqlite).Count, tx.Number(Versions));
        Assert.Equal(0, tx.Number(HalfTables));
    }

    [Fact]
    public async Task Processes_that_start_at_once_migrate_once()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        Directory.CreateDirectory(place.Folder);

        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                var database = new Database(new SqliteEngine(new(place.File), new ManualTime()));
                await database.OpenAsync(TestData.Cancel);
                return database;
            },
            TestData.Cancel)));

        foreach (var database in databases)
        {
            Assert.Equal(Migrations.All(Dialect.Sqlite).Count, await database.Read(tx => tx.Number(Versions), TestData.Cancel));
            await database.DisposeAsync();
        }
    }
}
