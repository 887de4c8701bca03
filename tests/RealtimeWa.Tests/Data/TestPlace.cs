using System.Data.Common;
using System.Reflection;

namespace RealtimeWa;

/// <summary>Where a test's database is: a folder of its own, and on SQL Server a database of its own.</summary>
internal sealed class TestPlace : IAsyncDisposable
{
    private readonly string name = "realtimewa_" + Guid.NewGuid().ToString("N");
    private readonly string? server;

    private TestPlace(Dialect dialect)
    {
        Dialect = dialect;
        Folder = Path.Combine(Path.GetTempPath(), name);
        server = dialect == Dialect.SqlServer ? Environment.GetEnvironmentVariable(EachDatabaseAttribute.Variable) : null;
    }

    public Dialect Dialect { get; }

    public string Folder { get; }

    public string File => Path.Combine(Folder, "realtimewa.db");

    /// <summary>What <c>AddData</c> reads.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Data:Directory"] = Folder,
        ["Database:Provider"] = Dialect.ToString(),
        ["ConnectionStrings:Database"] = server is null ? null : $"{server};Initial Catalog={name}",
    };

    public static async Task<TestPlace> Make(Dialect dialect)
    {
        var place = new TestPlace(dialect);
        await place.OnServer($"CREATE DATABASE {place.name}");
        return place;
    }

    public async ValueTask DisposeAsync()
    {
        await OnServer($"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {name}");
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    // Only src/Data sees the client; here it is found by its name.
    private async Task OnServer(string sql)
    {
        if (server is null)
        {
            return;
        }

        var factory = (DbProviderFactory)Type.GetType("Microsoft.Data.SqlClient.SqlClientFactory, Microsoft.Data.SqlClient", throwOnError: true)!
            .GetField("Instance", BindingFlags.Public | BindingFlags.Static)!.GetValue(obj: null)!;
        await using var connection = factory.CreateConnection()!;
        connection.ConnectionString = server;
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is made above.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
