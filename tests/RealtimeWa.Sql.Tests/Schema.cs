using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace RealtimeWa;

/// <summary>Tables and their columns, as the SQL Server migrations make them. Names of the server's own catalogue are let through.</summary>
internal sealed class Schema
{
    private readonly Dictionary<string, HashSet<string>> tables = new(StringComparer.OrdinalIgnoreCase);

    public static Schema OfMigrations()
    {
        var schema = new Schema();
        foreach (var text in Migrations.All(Dialect.SqlServer).Select(migration => migration.Text).Append(Migrations.SchemaVersions.For(Dialect.SqlServer)))
        {
            schema.Read(TSql.Parse(text, []));
        }

        return schema;
    }

    public IEnumerable<string> Tables => tables.Keys;

    public IReadOnlySet<string>? Columns(string table) => tables.GetValueOrDefault(table);

    private void Read(TSqlFragment script) => script.Accept(new Reader(tables));

    private sealed class Reader(Dictionary<string, HashSet<string>> tables) : TSqlFragmentVisitor
    {
        public override void ExplicitVisit(CreateTableStatement node) => tables.Add(
            node.SchemaObjectName.BaseIdentifier.Value,
            node.Definition.ColumnDefinitions.Select(column => column.ColumnIdentifier.Value).ToHashSet(StringComparer.OrdinalIgnoreCase));

        public override void ExplicitVisit(AlterTableAddTableElementStatement node) => tables[node.SchemaObjectName.BaseIdentifier.Value]
            .UnionWith(node.Definition.ColumnDefinitions.Select(column => column.ColumnIdentifier.Value));
    }
}
