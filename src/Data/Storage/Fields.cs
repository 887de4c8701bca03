using System.Data.Common;

namespace RealtimeWa;

/// <summary>Columns by position. Numbers are 64 bits wide in both databases, flags are 0 and 1.</summary>
internal static class Fields
{
    public static long Long(this DbDataReader reader, int column) => reader.GetInt64(column);

    public static long? LongOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>SQL Server counts in 32 bits.</summary>
    public static long Count(this DbDataReader reader, int column) =>
        reader.GetFieldType(column) == typeof(int) ? reader.GetInt32(column) : reader.GetInt64(column);

    public static bool Flag(this DbDataReader reader, int column) => reader.GetInt64(column) != 0;

    public static string Text(this DbDataReader reader, int column) => reader.GetString(column);

    public static string? TextOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static byte[] Bytes(this DbDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    public static T Name<T>(this DbDataReader reader, int column)
        where T : struct, Enum => SnakeCase.ToValue<T>(reader.GetString(column));
}
