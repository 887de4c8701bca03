using System.Data.Common;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace RealtimeWa;

/// <summary>Opens connections to one SQLite file with the settings that the product relies on.</summary>
internal sealed class SqliteConnections(string file)
{
    private static readonly Lazy<bool> Native = new(Load);

    public string File => file;

    public DbConnection OpenWriter()
    {
        var connection = Open();
        Pragma(connection, "PRAGMA journal_mode = WAL");
        Pragma(connection, "PRAGMA synchronous = FULL");
        // Checkpoints are made by the writer between two batches, not inside somebody's commit.
        Pragma(connection, "PRAGMA wal_autocheckpoint = 0");
        Pragma(connection, "PRAGMA cache_size = -16000");
        return connection;
    }

    public DbConnection OpenReader()
    {
        var connection = Open();
        Pragma(connection, "PRAGMA query_only = 1");
        Pragma(connection, "PRAGMA cache_size = -4000");
        return connection;
    }

    private static void Pragma(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly.
        command.CommandText = pragma;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        _ = Native.Value;
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            // SQLite itself waits (busy_timeout); the provider must not sleep and try again after that.
            DefaultTimeout = 1,
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            Pragma(connection, "PRAGMA busy_timeout = 5000");
            Pragma(connection, "PRAGMA foreign_keys = 1");
            Pragma(connection, "PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The system's library when there is one, since it is newer and gets security updates; otherwise the bundled one.</summary>
    private static bool Load()
    {
        var provider = Assembly.Load("SQLitePCLRaw.provider.e_sqlite3");
        NativeLibrary.SetDllImportResolver(provider, static (name, assembly, path) =>
            string.Equals(name, "e_sqlite3", StringComparison.Ordinal) && OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libsqlite3.so.0", out var system)
                ? system
                : IntPtr.Zero);
        SQLitePCL.Batteries_V2.Init();
        return true;
    }
}
