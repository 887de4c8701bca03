using Microsoft.Data.Sqlite;

namespace RealtimeWa.Load;

/// <summary>A look into the product's database from outside: a message is durable when another process reads its row.</summary>
internal sealed class MessageRows : IAsyncDisposable
{
    /// <summary>Of the seconds that a burst takes; a look more often would take time from what it looks at.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly SqliteConnection connection;
    private long newest;

    private MessageRows(SqliteConnection connection) => this.connection = connection;

    public static async Task<MessageRows> OpenAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = Directory.EnumerateFiles(dataDirectory, "*.db").Single();
        var reader = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await reader.OpenAsync(cancellationToken);
        var rows = new MessageRows(reader);
        rows.newest = rows.Number("SELECT coalesce(max(id), 0) FROM messages");
        return rows;
    }

    /// <summary>When so many rows were there that were not at the opening; epoch milliseconds.</summary>
    public async Task<double> ReachedAsync(int count, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        while (Number("SELECT coalesce(max(id), 0) - $newest FROM messages") < count || Number("SELECT count(*) FROM messages WHERE id > $newest") < count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return Clock.Now();
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private long Number(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$newest", newest);
        return (long)command.ExecuteScalar()!;
    }
}
