using System.Text.RegularExpressions;

namespace RealtimeWa;

/// <summary>The two schemas are one schema in two languages.</summary>
public sealed partial class SchemaTests
{
    [Fact]
    public void Both_databases_have_the_same_tables_and_columns()
    {
        Assert.Equal(Columns(Dialect.Sqlite), Columns(Dialect.SqlServer));
    }

    [Fact]
    public void Both_databases_have_the_same_migrations()
    {
        Assert.Equal(
            Migrations.All(Dialect.Sqlite).Select(migration => (migration.Version, migration.Name)),
            Migrations.All(Dialect.SqlServer).Select(migration => (migration.Version, migration.Name)));
    }

    [Fact]
    public void Both_databases_have_the_same_indexes()
    {
        Assert.Equal(Indexes(Dialect.Sqlite), Indexes(Dialect.SqlServer));
    }

    /// <summary>Table, column, kind of value, whether it may be empty.</summary>
    private static List<string> Columns(Dialect dialect) =>
    [
        .. Migrations.All(dialect)
            .SelectMany(migration => Table().Matches(migration.Text))
            .SelectMany(table => Column().Matches(table.Groups["body"].Value).Select(column =>
                $"{table.Groups["name"].Value}.{column.Groups["name"].Value} {Kind(column.Groups["type"].Value)} {(IsEmptiable(column.Value) ? "NULL" : "NOT NULL")}")),
    ];

    private static List<string> Indexes(Dialect dialect) =>
        [.. Migrations.All(dialect).SelectMany(migration => Index().Matches(migration.Text)).Select(match => match.Value)];

    private static string Kind(string type) => type switch
    {
        "BIGINT" or "INTEGER" => "number",
        "TEXT" or "NVARCHAR" => "text",
        "BLOB" or "VARBINARY" => "bytes",
        _ => type,
    };

    private static bool IsEmptiable(string column) =>
        !column.Contains("NOT NULL", StringComparison.Ordinal) && !column.Contains("PRIMARY KEY", StringComparison.Ordinal);

    [GeneratedRegex(@"CREATE TABLE (?<name>\w+) \((?<body>.*?)\n\)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"^  (?<name>[a-z_]+)\s+(?<type>[A-Z]+).*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Column();

    [GeneratedRegex("CREATE (UNIQUE )?INDEX .*;", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();
}
