using Microsoft.Data.SqlClient;

namespace RealtimeWa;

/// <summary>What SQL Server's error numbers mean for a person.</summary>
internal static class SqlServerFailures
{
    public static Exception Translate(SqlException failure) => Refusal(failure.Number) is { } refusal
        ? new StorageRefusedException(refusal, Sentence(refusal), failure)
        : failure;

    // https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
    private static StorageRefusal? Refusal(int number) => number switch
    {
        1101 or 1105 or 9002 => StorageRefusal.Full,
        -2 or 1205 or 1222 => StorageRefusal.Busy,
        823 or 824 or 825 => StorageRefusal.Corrupted,
        262 or 5011 or 5069 => StorageRefusal.Misconfigured,
        -1 or 2 or 53 or 233 or 4060 or 18456 or 3906 or 229 or 10053 or 10054 or 10060 or 10061 or 11001 => StorageRefusal.Unavailable,
        _ => null,
    };

    private static string Sentence(StorageRefusal refusal) => refusal switch
    {
        StorageRefusal.Full => "The SQL Server database has no room left; nothing was saved. Give its files or its log more space.",
        StorageRefusal.Busy => "The SQL Server database did not answer in time; nothing was saved. Look for long transactions, then try again.",
        StorageRefusal.Misconfigured => "This SQL Server user may not prepare the database. Let its owner run ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON, and give the user the right to make tables.",
        StorageRefusal.Corrupted => "SQL Server reports damaged data. Run DBCC CHECKDB and restore from a backup.",
        _ => "SQL Server can't be reached or refuses this user. Check ConnectionStrings:Database, the network, and the user's rights on the database.",
    };
}
