namespace RealtimeWa;

/// <summary>Where the repository's files are, found from the test's own folder upward.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A program of the product, as it was built together with the tests.</summary>
    public static string Program(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent?.Name ?? "Debug";
        var program = Path.Combine(Root, "src", project, "bin", configuration, "net10.0", $"RealtimeWa.{project}.dll");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"src/{project} is not built: run 'dotnet build RealtimeWa.sln -c {configuration}'.");
    }

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
