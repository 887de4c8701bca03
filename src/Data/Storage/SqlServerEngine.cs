using Microsoft.Data.SqlClient;

namespace RealtimeWa;

/// <summary>SQL Server: a transaction and a pooled connection per call. A transaction that lost a deadlock runs again.</summary>
internal sealed class SqlServerEngine(string connectionString, TimeProvider time) : Engine
{
    private const int Tries = 4;
    private const int Deadlock = 1205;

    private static readonly Sql AllowSnapshots = new(
        sqlite: "SELECT 0",
        sqlServer: """
            IF (SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()) = 0
              ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON
            """);

    public override Dialect Dialect => Dialect.SqlServer;

    public override async Task Open(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            using var tx = new Tx(connection, Dialect.SqlServer, time, transaction: null);
            tx.Run(AllowSnapshots);
            Migrate(tx);
        }
        catch (SqlException exception)
        {
            throw SqlServerFailures.Translate(exception);
        }
    }

    public override Task<T> Write<T>(AccountId account, Func<Tx, T> write, bool answersAtOnce, CancellationToken cancellationToken) =>
        Task.Run(() => Again(write, System.Data.IsolationLevel.ReadCommitted, cancellationToken), cancellationToken);

    public override Task<T> Read<T>(Func<Tx, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => Again(read, System.Data.IsolationLevel.Snapshot, cancellationToken), cancellationToken);

    public override ValueTask DisposeAsync()
    {
        SqlConnection.ClearPool(new SqlConnection(connectionString));
        return ValueTask.CompletedTask;
    }

    private T Again<T>(Func<Tx, T> run, System.Data.IsolationLevel isolation, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return Once(run, isolation);
            }
            catch (SqlException exception) when (exception.Number == Deadlock && attempt < Tries)
            {
                // The victim has rolled back whole; it only has to run again.
            }
            catch (SqlException exception)
            {
                throw SqlServerFailures.Translate(exception);
            }
        }
    }

    private T Once<T>(Func<Tx, T> run, System.Data.IsolationLevel isolation)
    {
        using var connection = new SqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction(isolation);
        using var tx = new Tx(connection, Dialect.SqlServer, time, transaction);
        var result = run(tx);
        transaction.Commit();
        Bells.Ring(tx.Rings);
        return result;
    }
}
