using System.Data.Common;
using Dapper;

namespace RealtimeWa;

/// <summary>
/// One transaction. Statements are given as <see cref="Sql"/> and nothing else. <see cref="Run"/>, <see cref="Row{T}"/> and
/// <see cref="Rows{T}"/> take values by position and reuse the connection's prepared statements; <see cref="Execute"/> and
/// <see cref="Query{T}"/> are Dapper's, for what is not hot.
/// </summary>
internal sealed partial class Tx(DbConnection connection, Dialect dialect, TimeProvider time, DbTransaction? transaction) : IDisposable
{
    private readonly Dictionary<Sql, DbCommand> prepared = [];

    public Dialect Dialect => dialect;

    public DbConnection Connection => connection;

    public Rings Rings { get; } = new();

    /// <summary>UTC milliseconds.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public int Run(Sql sql, params ReadOnlySpan<object?> values)
    {
        var command = Bind(sql, values);
        try
        {
            return command.ExecuteNonQuery();
        }
        finally
        {
            Done(command);
        }
    }

    public List<T> Rows<T>(Sql sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        var command = Bind(sql, values);
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(reader));
            }

            return rows;
        }
        finally
        {
            Done(command);
        }
    }

    /// <summary>The first row, or the type's default.</summary>
    public T? Row<T>(Sql sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        var command = Bind(sql, values);
        try
        {
            using var reader = command.ExecuteReader();
            return reader.Read() ? map(reader) : default;
        }
        finally
        {
            Done(command);
        }
    }

    /// <summary>The first column of the first row; nothing when there is no row.</summary>
    public long? Number(Sql sql, params ReadOnlySpan<object?> values) => Row(sql, dialect == Dialect.Sqlite ? Wide : Narrow, values);

    private static readonly Func<DbDataReader, long?> Wide = static reader => reader.LongOrNull(0);

    private static readonly Func<DbDataReader, long?> Narrow = static reader => reader.IsDBNull(0) ? null : reader.Count(0);

    public int Execute(Sql sql, object? values = null) => connection.Execute(sql.For(dialect), values, transaction);

    public IReadOnlyList<T> Query<T>(Sql sql, object? values = null) => connection.Query<T>(sql.For(dialect), values, transaction).AsList();

    public T? Single<T>(Sql sql, object? values = null) => connection.QueryFirstOrDefault<T>(sql.For(dialect), values, transaction);

    public void Dispose()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        prepared.Clear();
    }

    private DbCommand Bind(Sql sql, ReadOnlySpan<object?> values)
    {
        if (values.Length != sql.Parameters.Count)
        {
            throw new ArgumentException($"{sql.Parameters.Count} values are needed, {values.Length} were given: {sql}", nameof(values));
        }

        var command = Command(sql);
        for (var index = 0; index < values.Length; index++)
        {
            Set(command.Parameters[index], values[index]);
        }

        return command;
    }

    private DbCommand Command(Sql sql)
    {
        if (prepared.TryGetValue(sql, out var known))
        {
            return known;
        }

        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this assembly.
        command.CommandText = sql.For(dialect);
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var name in sql.Parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@" + name;
            command.Parameters.Add(parameter);
        }

        prepared.Add(sql, command);
        return command;
    }

    private void Set(DbParameter parameter, object? value)
    {
        parameter.Value = value switch
        {
            null => DBNull.Value,
            bool flag => flag ? 1L : 0L,
            int number => (long)number,
            NoBytes => DBNull.Value,
            _ => value,
        };

        if (dialect != Dialect.SqlServer)
        {
            return;
        }

        // SQL Server takes the type of a NULL seriously, and makes one plan per length of a string unless told otherwise.
        (parameter.DbType, parameter.Size) = value switch
        {
            byte[] or NoBytes => (System.Data.DbType.Binary, -1),
            string { Length: > 4000 } => (System.Data.DbType.String, -1),
            string or null => (System.Data.DbType.String, 4000),
            _ => (System.Data.DbType.Int64, 8),
        };
    }

    private void Done(DbCommand command)
    {
        // What was bound may be large or secret; the statement outlives it.
        if (dialect == Dialect.Sqlite)
        {
            foreach (DbParameter parameter in command.Parameters)
            {
                parameter.Value = DBNull.Value;
            }
        }
    }
}

/// <summary>A NULL in a column of bytes.</summary>
internal sealed class NoBytes
{
    public static readonly NoBytes Value = new();

    public static object Or(byte[]? bytes) => bytes is null ? Value : bytes;
}
