using System.Text.RegularExpressions;

namespace RealtimeWa;

/// <summary>
/// One statement. Every statement that the product runs is a static field of this type, so that a test can find all of them and
/// check each against both schemas.
/// </summary>
internal sealed partial class Sql(string sqlite, string sqlServer)
{
    /// <summary>One text that both databases take.</summary>
    public Sql(string both)
        : this(both, both)
    {
    }

    /// <summary>Names without the @, in the order in which the SQLite text mentions them first: the order of positional values.</summary>
    public IReadOnlyList<string> Parameters { get; } =
        [.. Parameter().Matches(sqlite).Select(match => match.Value[1..]).Distinct(StringComparer.Ordinal)];

    public string For(Dialect dialect) => dialect == Dialect.Sqlite ? sqlite : sqlServer;

    public override string ToString() => sqlite;

    [GeneratedRegex(@"(?<!@)@[a-z_][a-z0-9_]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
