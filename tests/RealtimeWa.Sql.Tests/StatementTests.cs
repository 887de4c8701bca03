using System.Text.RegularExpressions;

namespace RealtimeWa;

public sealed partial class StatementTests
{
    private static readonly Schema Schema = Schema.OfMigrations();

    [Fact]
    public void Every_migration_is_T_SQL_and_names_what_exists()
    {
        var problems = Migrations.All(Dialect.SqlServer).SelectMany(migration => Check(migration.Text).Select(problem => $"{migration.Name}: {problem}"));

        Assert.Empty(problems);
    }

    [Fact]
    public void Every_statement_is_T_SQL_and_names_what_exists()
    {
        var problems = Statements.All.SelectMany(statement => Check(statement.Sql.For(Dialect.SqlServer)).Select(problem => $"{statement.Name}: {problem}"));

        Assert.Empty(problems);
        Assert.True(Statements.All.Count > 100, "Few statements were found: where did they go?");
    }

    /// <summary>Values are bound by the names of the SQLite text.</summary>
    [Fact]
    public void Both_texts_of_a_statement_have_the_same_parameters()
    {
        var different = Statements.All
            .Where(statement => !Parameters(statement.Sql.For(Dialect.Sqlite)).SetEquals(Parameters(statement.Sql.For(Dialect.SqlServer))))
            .Where(statement => !statement.Name.StartsWith("Migrations.", StringComparison.Ordinal))
            .Select(statement => statement.Name);

        Assert.Empty(different);
    }

    [Theory]
    [InlineData("SELECT seq FROM acounts", "no table acounts")]
    [InlineData("SELECT sek FROM accounts", "no column sek")]
    [InlineData("SELECT a.seq FROM accounts b", "no column a.seq")]
    [InlineData("SELECT a.sek FROM accounts a", "no column a.sek")]
    [InlineData("UPDATE accounts SET sek = 1", "no column sek")]
    [InlineData("INSERT INTO accounts (sek) VALUES (1)", "no column sek")]
    [InlineData("DELETE FROM accounts WHERE EXISTS (SELECT 1 FROM threads t WHERE t.account_id = accounts.ident)", "no column accounts.ident")]
    [InlineData("UPDATE accounts SET seq = 1 OUTPUT inserted.sek WHERE id = 1", "no column inserted.sek")]
    [InlineData("SELECT seq FROM accounts WHERE id IN (SELECT thread_id FROM threads)", "no column thread_id")]
    [InlineData("CREATE INDEX broken ON accounts (sek)", "no column sek")]
    [InlineData("SELECT seq FROM accounts LIMIT 1", "line 1")]
    public void What_is_wrong_is_found(string text, string problem) => Assert.Contains(Check(text), found => found.StartsWith(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("DELETE FROM events WHERE seq < (SELECT MAX(e.seq) FROM events e WHERE e.account_id = events.account_id)")]
    [InlineData("UPDATE m SET m.seq = 1 FROM messages m JOIN threads t ON t.id = m.thread_id WHERE t.account_id = @account")]
    [InlineData("SELECT name FROM sys.tables")]
    public void What_is_right_is_let_through(string text) => Assert.Empty(Check(text));

    private static List<string> Check(string text)
    {
        List<string> problems = [];
        var fragment = TSql.Parse(text, problems);
        fragment?.Accept(new NameCheck(Schema, problems));
        return problems;
    }

    private static HashSet<string> Parameters(string text) =>
        Parameter().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"(?<!@)@[A-Za-z_]\w*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
