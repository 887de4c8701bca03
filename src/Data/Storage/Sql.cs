using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace RealtimeWa;

/// <summary>
/// One statement, stamped with where it is written. Every statement that the product runs is a static field of this type, so that a
/// test can find all of them and check each against both schemas.
/// </summary>
internal sealed partial class Sql
{
    private readonly string sqlite;
    private readonly string sqlServer;

    /// <summary>One text that both databases take.</summary>
    public Sql(string both, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : this(sqlite: both, sqlServer: both, file, line)
    {
    }

    public Sql(string sqlite, string sqlServer, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var stamp = string.Create(CultureInfo.InvariantCulture, $"/* {Path.GetFileName(file)}:{line} */ ");
        this.sqlite = stamp + sqlite;
        this.sqlServer = stamp + sqlServer;
        Parameters = [.. Parameter().Matches(sqlite).Select(match => match.Value[1..]).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Names without the @, in the order in which the SQLite text mentions them first: the order of positional values.</summary>
    public IReadOnlyList<string> Parameters { get; }

    public string For(Dialect dialect) => dialect == Dialect.Sqlite ? sqlite : sqlServer;

    public override string ToString() => sqlite;

    [GeneratedRegex(@"(?<!@)@[a-z_][a-z0-9_]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
