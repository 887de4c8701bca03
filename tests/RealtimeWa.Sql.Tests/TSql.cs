using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace RealtimeWa;

/// <summary>Parsing as SQL Server 2019 does it.</summary>
internal static class TSql
{
    public static TSqlFragment Parse(string text, List<string> problems)
    {
        using var reader = new StringReader(text);
        var fragment = new TSql150Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        problems.AddRange(errors.Select(error => $"line {error.Line}, column {error.Column}: {error.Message}"));
        return fragment;
    }
}
