using System.Reflection;

namespace RealtimeWa;

public sealed class SqliteStatementTests
{
    /// <summary>The T-SQL text of each is checked in a project of its own, which needs no server.</summary>
    [Fact]
    public async Task Every_statement_is_understood_by_SQLite()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        using var connection = new SqliteConnections(data.Place.File).OpenReader();
        List<string> problems = [];
        foreach (var field in typeof(Sql).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(Sql)))
        {
            var sql = (Sql)field.GetValue(obj: null)!;
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of src/Data.
            command.CommandText = sql.For(Dialect.Sqlite);
#pragma warning restore CA2100
            if (Record.Exception(command.Prepare) is { } problem && !problem.Message.Contains("already exists", StringComparison.Ordinal))
            {
                problems.Add($"{field.DeclaringType!.Name}.{field.Name}: {problem.Message}");
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public async Task The_file_is_kept_as_the_product_relies_on()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        using var connection = new SqliteConnections(data.Place.File).OpenWriter();

        using var tx = new Tx(connection, Dialect.Sqlite, data.Time, transaction: null);

        Assert.Equal("wal", Pragma(tx, "journal_mode"));
        Assert.Equal("2", Pragma(tx, "synchronous"));
        Assert.Equal("1", Pragma(tx, "foreign_keys"));
        Assert.Equal("ok", Pragma(tx, "integrity_check"));
    }

    private static string? Pragma(Tx tx, string name) => tx.Row(new Sql("PRAGMA " + name), row => row.GetValue(0).ToString());
}
