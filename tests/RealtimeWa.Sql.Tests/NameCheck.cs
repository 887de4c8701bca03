using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace RealtimeWa;

/// <summary>Resolves every table and column of a statement against the schema, with the scopes of subqueries.</summary>
internal sealed class NameCheck(Schema schema, IList<string> problems) : TSqlFragmentVisitor
{
    private readonly Stack<Dictionary<string, IReadOnlySet<string>?>> scopes = new();
    private readonly HashSet<string> aliases = new(StringComparer.OrdinalIgnoreCase);

    public override void ExplicitVisit(QuerySpecification node) => Within(node.FromClause, target: null, () => base.ExplicitVisit(node));

    public override void ExplicitVisit(UpdateSpecification node) => Within(node.FromClause, node.Target, () => base.ExplicitVisit(node));

    public override void ExplicitVisit(DeleteSpecification node) => Within(node.FromClause, node.Target, () => base.ExplicitVisit(node));

    public override void ExplicitVisit(InsertSpecification node) => Within(from: null, node.Target, () => base.ExplicitVisit(node));

    public override void ExplicitVisit(CreateIndexStatement node) => OnTable(node.OnName, () => base.ExplicitVisit(node));

    public override void ExplicitVisit(NamedTableReference node)
    {
        if (IsOurs(node.SchemaObject) && schema.Columns(node.SchemaObject.BaseIdentifier.Value) is null && !IsAlias(node.SchemaObject.BaseIdentifier.Value))
        {
            problems.Add($"no table {node.SchemaObject.BaseIdentifier.Value}");
        }
    }

    public override void ExplicitVisit(ForeignKeyConstraintDefinition node)
    {
        var table = node.ReferenceTableName.BaseIdentifier.Value;
        var columns = schema.Columns(table);
        if (columns is null)
        {
            problems.Add($"no table {table}");
            return;
        }

        foreach (var column in node.ReferencedTableColumns.Where(column => !columns.Contains(column.Value)))
        {
            problems.Add($"no column {table}.{column.Value}");
        }
    }

    public override void ExplicitVisit(CreateTableStatement node) => OnTable(node.SchemaObjectName, () => base.ExplicitVisit(node));

    public override void ExplicitVisit(ColumnReferenceExpression node)
    {
        if (node.MultiPartIdentifier is not { Identifiers: var parts })
        {
            return;
        }

        var column = parts[^1].Value;
        var isKnown = parts.Count > 1 ? Qualified(parts[^2].Value, column) : scopes.Any(scope => scope.Values.Any(columns => columns is null || columns.Contains(column)));
        if (!isKnown)
        {
            problems.Add($"no column {string.Join('.', parts.Select(part => part.Value))}");
        }
    }

    private static bool IsOurs(SchemaObjectName name) => name.SchemaIdentifier is null;

    private bool IsAlias(string name) => aliases.Contains(name);

    private bool Qualified(string alias, string column)
    {
        foreach (var scope in scopes)
        {
            if (scope.TryGetValue(alias, out var columns))
            {
                return columns is null || columns.Contains(column);
            }
        }

        return false;
    }

    private void OnTable(SchemaObjectName name, Action visit)
    {
        var table = name.BaseIdentifier.Value;
        if (schema.Columns(table) is null)
        {
            problems.Add($"no table {table}");
        }

        scopes.Push(new(StringComparer.OrdinalIgnoreCase) { [table] = schema.Columns(table) });
        visit();
        scopes.Pop();
    }

    private void Within(FromClause? from, TableReference? target, Action visit)
    {
        var scope = new Dictionary<string, IReadOnlySet<string>?>(StringComparer.OrdinalIgnoreCase);
        var sources = new Sources();
        from?.Accept(sources);
        target?.Accept(sources);
        foreach (var source in sources.Found)
        {
            var name = source.SchemaObject.BaseIdentifier.Value;
            if (scope.ContainsKey(name))
            {
                // UPDATE and DELETE name an alias of their own FROM.
                continue;
            }

            if (source.Alias is { } alias)
            {
                aliases.Add(alias.Value);
            }

            scope[source.Alias?.Value ?? name] = IsOurs(source.SchemaObject) ? schema.Columns(name) ?? new HashSet<string>(StringComparer.OrdinalIgnoreCase) : null;
        }

        if (target is NamedTableReference changed)
        {
            var columns = scope.GetValueOrDefault(changed.SchemaObject.BaseIdentifier.Value);
            scope["inserted"] = columns;
            scope["deleted"] = columns;
        }

        scopes.Push(scope);
        visit();
        scopes.Pop();
    }

    /// <summary>The tables of one FROM, without those of its subqueries.</summary>
    private sealed class Sources : TSqlFragmentVisitor
    {
        public List<NamedTableReference> Found { get; } = [];

        public override void ExplicitVisit(NamedTableReference node) => Found.Add(node);

        public override void ExplicitVisit(QuerySpecification node)
        {
            // Has a scope of its own.
        }
    }
}
