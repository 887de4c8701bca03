using System.Text;

namespace RealtimeWa;

/// <summary>The schema as a picture, read from a database that the migrations made.</summary>
internal static class SchemaPage
{
    private static readonly Sql Tables = new("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");

    private static readonly Sql Columns = new("SELECT name, type, pk FROM pragma_table_info(@table) ORDER BY cid");

    private static readonly Sql References = new("SELECT \"from\", \"table\" FROM pragma_foreign_key_list(@table) ORDER BY \"table\", \"from\"");

    public static string Render(Tx tx)
    {
        var page = new StringBuilder("""
            # The schema

            Generated from the SQLite migrations in `sql/` by `SchemaPageTests`; `REALTIMEWA_UPDATE=1` makes that test write it anew. SQL Server
            has the same tables and columns (a test compares them): `BIGINT` for numbers, `NVARCHAR` for text, `VARBINARY(MAX)` for bytes.
            Instants are integer UTC milliseconds, flags are 0 and 1.

            ```mermaid
            erDiagram

            """);
        var tables = tx.Rows(Tables, row => row.Text(0));
        foreach (var table in tables)
        {
            page.Append("  ").Append(table).Append(" {\n");
            foreach (var (name, type, isKey) in tx.Rows(Columns, row => (row.Text(0), row.Text(1), row.Flag(2)), table))
            {
                page.Append("    ").Append(Kind(type)).Append(' ').Append(name).Append(isKey ? " PK\n" : "\n");
            }

            page.Append("  }\n");
        }

        foreach (var table in tables)
        {
            foreach (var (column, target) in tx.Rows(References, row => (row.Text(0), row.Text(1)), table))
            {
                page.Append("  ").Append(target).Append(" ||--o{ ").Append(table).Append(" : ").Append(column).Append('\n');
            }
        }

        return page.Append("```\n").ToString();
    }

    private static string Kind(string type) => type switch
    {
        "TEXT" => "text",
        "BLOB" => "bytes",
        _ => "number",
    };
}
