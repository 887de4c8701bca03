using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;

namespace RealtimeWa;

/// <param name="Version">The number in front of the file's name.</param>
/// <param name="Checksum">SHA-256 of the text with LF line ends, in hex.</param>
internal sealed record Migration(long Version, string Name, string Text, string Checksum);

/// <summary>The numbered files of <c>sql/</c>, embedded, applied in order, each in one transaction with its row in schema_versions.</summary>
internal static partial class Migrations
{
    private static readonly Sql HasTable = new(
        sqlite: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_versions'",
        sqlServer: "SELECT COUNT(*) FROM sys.tables WHERE name = 'schema_versions'");

    public static readonly Sql SchemaVersions = new(
        sqlite: "CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
        sqlServer: """
            CREATE TABLE schema_versions (
              version BIGINT NOT NULL PRIMARY KEY, name NVARCHAR(200) NOT NULL, checksum NVARCHAR(64) NOT NULL, applied_at BIGINT NOT NULL)
            """);

    private static readonly Sql Applied = new("SELECT version, checksum FROM schema_versions ORDER BY version");

    private static readonly Sql Record = new(
        "INSERT INTO schema_versions (version, name, checksum, applied_at) VALUES (@version, @name, @checksum, @at)");

    private static readonly Sql Begin = new(sqlite: "BEGIN IMMEDIATE", sqlServer: "BEGIN TRANSACTION");
    private static readonly Sql Commit = new("COMMIT");
    private static readonly Sql Rollback = new("ROLLBACK");

    // Several processes may start at once; the second waits and finds the work done. SQLite's BEGIN IMMEDIATE is such a lock already.
    private static readonly Sql Lock = new(
        sqlite: "SELECT 0",
        sqlServer: """
            DECLARE @result INT;
            EXEC @result = sp_getapplock @Resource = 'realtimewa schema', @LockMode = 'Exclusive', @LockTimeout = 60000;
            IF @result < 0 THROW 50000, 'Another process holds the schema.', 1
            """);

    public static IReadOnlyList<Migration> All(Dialect dialect)
    {
        var assembly = typeof(Migrations).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Select(name => (name, match: FileName().Match(name)))
                .Where(file => file.match.Success && IsFor(dialect, file.match.Groups["dialect"].Value))
                .Select(file => Read(assembly.GetManifestResourceStream(file.name)!, file.match))
                .OrderBy(migration => migration.Version),
        ];
    }

    public static void Apply(Tx tx) => Apply(tx, All(tx.Dialect));

    public static void Apply(Tx tx, IReadOnlyList<Migration> migrations)
    {
        tx.Execute(Begin);
        try
        {
            tx.Execute(Lock);
            var applied = tx.Single<long>(HasTable) > 0 ? tx.Query<(long Version, string Checksum)>(Applied) : [];
            Check(applied, migrations);
            if (applied.Count == 0 && tx.Single<long>(HasTable) == 0)
            {
                tx.Execute(SchemaVersions);
            }

            foreach (var migration in migrations.Skip(applied.Count))
            {
                tx.Connection.Execute(migration.Text);
                tx.Execute(Record, new { version = migration.Version, name = migration.Name, checksum = migration.Checksum, at = tx.Now });
            }

            tx.Execute(Commit);
        }
        catch
        {
            tx.Execute(Rollback);
            throw;
        }
    }

    private static void Check(IReadOnlyList<(long Version, string Checksum)> applied, IReadOnlyList<Migration> migrations)
    {
        foreach (var (version, checksum) in applied)
        {
            var known = migrations.FirstOrDefault(migration => migration.Version == version)
                ?? throw new StorageRefusedException(
                    StorageRefusal.NewerSchema,
                    string.Create(CultureInfo.InvariantCulture, $"The database is of a newer version of RealtimeWa (its schema is {version}, this program knows {migrations[^1].Version}). Start the newer program, or restore a backup from before its first start. Nothing was changed."));
            if (!string.Equals(known.Checksum, checksum, StringComparison.Ordinal))
            {
                throw new StorageRefusedException(
                    StorageRefusal.ChangedSchema,
                    string.Create(CultureInfo.InvariantCulture, $"Schema step {version} of the database is not the one of this program, so the two don't fit together. Start the program that made the database. Nothing was changed."));
            }
        }
    }

    private static bool IsFor(Dialect dialect, string suffix) => suffix switch
    {
        "" => true,
        "sqlite" => dialect == Dialect.Sqlite,
        "sqlserver" => dialect == Dialect.SqlServer,
        _ => throw new InvalidOperationException($"sql/ holds a file for an unknown database: {suffix}"),
    };

    private static Migration Read(Stream stream, Match match)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new(long.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture), match.Groups["name"].Value, text, checksum);
    }

    [GeneratedRegex(@"^sql/(?<version>\d{4})_(?<name>[a-z0-9_]+)(\.(?<dialect>[a-z]+))?\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();
}
