using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace RealtimeWa;

/// <summary>
/// SQLite: one writer thread takes all writes that wait, gives each a savepoint of its own, and makes them durable with one commit. A
/// failed write never touches the others.
/// </summary>
internal sealed class SqliteEngine(SqliteConnections connections, TimeProvider time) : Engine
{
    private const int LargestBatch = 128;

    /// <summary>Pages of 4 KiB: 8 MiB, and 64 MiB.</summary>
    private const long CheckpointAt = 2048;
    private const long CheckpointWhileBusyAt = 16384;

    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE: pages that this connection wrote to the log.</summary>
    private const int PagesWritten = 9;

    private static readonly Sql BeginWrite = new(sqlite: "BEGIN IMMEDIATE", sqlServer: "BEGIN TRANSACTION");
    private static readonly Sql BeginRead = new(sqlite: "BEGIN", sqlServer: "BEGIN TRANSACTION");
    private static readonly Sql Commit = new("COMMIT");
    private static readonly Sql Rollback = new("ROLLBACK");
    private static readonly Sql Save = new(sqlite: "SAVEPOINT item", sqlServer: "SAVE TRANSACTION item");
    private static readonly Sql Keep = new(sqlite: "RELEASE item", sqlServer: "SAVE TRANSACTION item");
    private static readonly Sql Undo = new(sqlite: "ROLLBACK TO item", sqlServer: "ROLLBACK TRANSACTION item");

    private readonly Lock gate = new();
    private readonly AutoResetEvent arrived = new(initialState: false);
    private readonly SemaphoreSlim readers = new(4);
    private readonly ConcurrentBag<Tx> idle = [];
    private List<Work> waiting = [];
    private Thread? thread;
    private Tx? writer;
    private long logged;
    private volatile bool closing;

    public override Dialect Dialect => Dialect.Sqlite;

    public override Task Open(CancellationToken cancellationToken)
    {
        try
        {
            var connection = connections.OpenWriter();
            writer = new Tx(connection, Dialect.Sqlite, time, transaction: null);
            Migrate(writer);
        }
        catch (Exception exception)
        {
            writer?.Connection.Dispose();
            writer = null;
            if (SqliteFailures.Translate(exception) is StorageRefusedException refused)
            {
                throw refused;
            }

            throw;
        }

        thread = new Thread(Loop) { Name = "sqlite writer", IsBackground = true };
        thread.Start();
        return Task.CompletedTask;
    }

    public override Task<T> Write<T>(AccountId account, Func<Tx, T> write, bool answersAtOnce, CancellationToken cancellationToken)
    {
        var work = new Work<T>(account, write, answersAtOnce, cancellationToken);
        lock (gate)
        {
            if (closing || thread is null)
            {
                throw new StorageRefusedException(StorageRefusal.Unavailable, "The database is closed.");
            }

            waiting.Add(work);
        }

        arrived.Set();
        return work.Done;
    }

    public override async Task<T> Read<T>(Func<Tx, T> read, CancellationToken cancellationToken)
    {
        await readers.WaitAsync(cancellationToken);
        Tx? tx = null;
        var sound = false;
        try
        {
            tx = idle.TryTake(out var pooled) ? pooled : new Tx(connections.OpenReader(), Dialect.Sqlite, time, transaction: null);
            tx.Run(BeginRead);
            var result = read(tx);
            tx.Run(Commit);
            sound = true;
            return result;
        }
        catch (SqliteException exception)
        {
            throw SqliteFailures.Translate(exception);
        }
        finally
        {
            if (sound && !closing)
            {
                idle.Add(tx!);
            }
            else
            {
                Close(tx);
            }

            readers.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (closing)
            {
                return;
            }

            closing = true;
        }

        arrived.Set();
        if (thread is not null)
        {
            await Task.Run(thread.Join);
        }

        while (idle.TryTake(out var reader))
        {
            Close(reader);
        }

        Close(writer);
        arrived.Dispose();
    }

    private static void Close(Tx? tx)
    {
        tx?.Dispose();
        tx?.Connection.Dispose();
    }

    private void Loop()
    {
        var batch = new List<Work>();
        while (Take(ref batch))
        {
            for (var from = 0; from < batch.Count; from += LargestBatch)
            {
                Together(batch.GetRange(from, Math.Min(LargestBatch, batch.Count - from)));
            }

            batch.Clear();
            Checkpoint();
        }
    }

    private bool Take(ref List<Work> batch)
    {
        while (true)
        {
            lock (gate)
            {
                if (waiting.Count > 0)
                {
                    (batch, waiting) = (waiting, batch);
                    return true;
                }

                if (closing)
                {
                    return false;
                }
            }

            arrived.WaitOne();
        }
    }

    /// <summary>One transaction for all; in order of account, each account's writes in the order they came.</summary>
    private void Together(List<Work> batch)
    {
        batch.RemoveAll(work => !work.Begin());
        if (batch.Count < 2)
        {
            batch.ForEach(Alone);
            return;
        }

        List<Work> ordered = [.. batch.OrderBy(work => work.Account.Value)];
        List<Work> kept = [];
        try
        {
            writer!.Run(BeginWrite);
            foreach (var work in ordered)
            {
                if (Item(work))
                {
                    kept.Add(work);
                }
            }

            writer.Run(Commit);
        }
        catch (SqliteException)
        {
            // The transaction as a whole is gone (disk full ends it, for one): whose fault it was shows when each runs by itself.
            Abandon();
            ordered.Where(work => !failed.Contains(work)).ToList().ForEach(Alone);
            failed.Clear();
            return;
        }

        failed.Clear();
        Bells.Ring(writer.Rings);
        kept.ForEach(work => work.Succeed());
    }

    private readonly HashSet<Work> failed = [];

    /// <summary>False when the item failed and was undone. Throws when the failure took the whole transaction with it.</summary>
    private bool Item(Work work)
    {
        writer!.Run(Save);
        try
        {
            work.Run(writer);
            writer.Run(Keep);
            return true;
        }
        catch (Exception exception)
        {
            if (IsOver())
            {
                if (exception is SqliteException)
                {
                    throw;
                }

                throw new SqliteException("The transaction ended early.", SQLITE_ABORT);
            }

            writer.Run(Undo);
            writer.Run(Keep);
            failed.Add(work);
            work.Fail(SqliteFailures.Translate(exception));
            return false;
        }
    }

    private void Alone(Work work)
    {
        try
        {
            writer!.Run(BeginWrite);
            work.Run(writer);
            writer.Run(Commit);
        }
        catch (Exception exception)
        {
            Abandon();
            work.Fail(SqliteFailures.Translate(exception));
            return;
        }

        Bells.Ring(writer.Rings);
        work.Succeed();
    }

    private void Abandon()
    {
        if (IsOver())
        {
            return;
        }

        try
        {
            writer!.Run(Rollback);
        }
        catch (SqliteException)
        {
            // The next BEGIN says what is wrong with the file.
        }
    }

    private bool IsOver() => sqlite3_get_autocommit(((SqliteConnection)writer!.Connection).Handle) != 0;

    /// <summary>
    /// Copies the log back when enough pages went into it since the last time. They are counted, because the file's length says
    /// nothing: SQLite overwrites the log from its start and keeps the length that it once had.
    /// </summary>
    private void Checkpoint()
    {
        var handle = ((SqliteConnection)writer!.Connection).Handle;
        _ = sqlite3_db_status(handle, PagesWritten, out var written, out _, resetFlg: 1);
        logged += written;
        if (logged < CheckpointAt)
        {
            return;
        }

        lock (gate)
        {
            if (waiting.Count > 0 && logged < CheckpointWhileBusyAt)
            {
                return;
            }
        }

        // A log that readers need beyond this many pages is waited for, so that it can't grow for ever.
        var mode = logged < CheckpointWhileBusyAt ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
        if (sqlite3_wal_checkpoint_v2(handle, "main", mode, out var inLog, out var copied) == SQLITE_OK && inLog == copied)
        {
            logged = 0;
        }
    }
}
