using Microsoft.Data.Sqlite;

namespace RealtimeWa;

/// <summary>What SQLite's error codes mean for a person.</summary>
internal static class SqliteFailures
{
    public static Exception Translate(Exception exception) => exception is SqliteException failure && Refusal(failure.SqliteErrorCode) is { } refusal
        ? new StorageRefusedException(refusal, Sentence(refusal), failure)
        : exception;

    // https://www.sqlite.org/rescode.html
    private static StorageRefusal? Refusal(int code) => code switch
    {
        13 => StorageRefusal.Full,
        5 or 6 => StorageRefusal.Busy,
        11 or 26 => StorageRefusal.Corrupted,
        3 or 7 or 8 or 10 or 14 or 15 or 23 => StorageRefusal.Unavailable,
        _ => null,
    };

    private static string Sentence(StorageRefusal refusal) => refusal switch
    {
        StorageRefusal.Full => "The database has no room left; nothing was saved. Free space on the disk that holds the data folder.",
        StorageRefusal.Busy => "Another process kept the database locked for too long; nothing was saved. Close programs that have the database file open, then try again.",
        StorageRefusal.Corrupted => "The database file is damaged or is no database. Stop the program and restore the file from a backup.",
        _ => "The database file can't be read or written. Check that its folder exists, belongs to the user that runs this program, and is on a working disk.",
    };
}
