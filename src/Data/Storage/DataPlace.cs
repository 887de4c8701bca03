using Microsoft.Extensions.Configuration;

namespace RealtimeWa;

/// <summary>Which database, and the folder for its file and for the key ring.</summary>
internal sealed record DataPlace(Dialect Dialect, string? ConnectionString, string Folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static DataPlace From(IConfiguration configuration)
    {
        var provider = configuration["Database:Provider"];
        if (!Enum.TryParse<Dialect>(string.IsNullOrWhiteSpace(provider) ? nameof(Dialect.Sqlite) : provider, ignoreCase: true, out var dialect))
        {
            throw new StorageRefusedException(
                StorageRefusal.Misconfigured, "Database:Provider must be Sqlite or SqlServer. Correct it in appsettings.json or in the environment (Database__Provider).");
        }

        var connection = configuration.GetConnectionString("Database");
        if (dialect == Dialect.SqlServer && string.IsNullOrWhiteSpace(connection))
        {
            throw new StorageRefusedException(
                StorageRefusal.Misconfigured, "Database:Provider is SqlServer, but ConnectionStrings:Database is empty. Set it in appsettings.json or in the environment (ConnectionStrings__Database).");
        }

        var folder = configuration["Data:Directory"];
        return new(dialect, string.IsNullOrWhiteSpace(connection) ? null : connection, Path.GetFullPath(string.IsNullOrWhiteSpace(folder) ? "data" : folder));
    }

    public Engine Engine(TimeProvider time) => Dialect == Dialect.Sqlite
        ? new SqliteEngine(new(File()), time)
        : new SqlServerEngine(ConnectionString!, time);

    public DirectoryInfo KeyRing() => Make(Path.Combine(Folder, "keys"));

    /// <summary>A connection string for SQLite may be a path alone, or <c>Data Source=path</c>.</summary>
    private string File()
    {
        var path = ConnectionString is null
            ? Path.Combine(Folder, "realtimewa.db")
            : ConnectionString.Contains('=', StringComparison.Ordinal)
                ? new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(ConnectionString).DataSource
                : ConnectionString;
        path = Path.GetFullPath(path);
        Make(Path.GetDirectoryName(path)!);
        return path;
    }

    // Only for the user that runs the program: chats and keys are in it.
    private static DirectoryInfo Make(string folder)
    {
        try
        {
            return OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageRefusedException(
                StorageRefusal.Unavailable, "The data folder can't be made. Check that Data:Directory names a place where this user may write.", exception);
        }
    }
}
