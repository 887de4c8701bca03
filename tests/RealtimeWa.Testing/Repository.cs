namespace RealtimeWa;

/// <summary>Where the repository's files are, found from the test's own folder upward.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RealtimeWa.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("RealtimeWa.sln was not found above the test's folder; run the tests from a checkout.");
    }
}
