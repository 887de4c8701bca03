using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>What has to be there before anything can be measured, and the temporary folder that goes with the run.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("realtimewa-load-");

    /// <summary>From now on temporary files of this process and of all that it starts are in the folder that goes with the run.</summary>
    public Workplace() => Environment.SetEnvironmentVariable("TMPDIR", folder.FullName);

    public string Folder(string name) => folder.CreateSubdirectory(name).FullName;

    /// <summary>Installs and builds the Node programs from their lock files.</summary>
    public static async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var tests = Path.Combine(Repository.Root, "tests");
        await InstallAsync(Path.Combine(tests, "RealtimeWa.Load", "plain"), cancellationToken);
        await InstallAsync(Path.Combine(tests, "whatsapp-emulator"), cancellationToken);
        await NpmAsync(Path.Combine(tests, "whatsapp-emulator"), ["run", "build"], cancellationToken);
    }

    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // The last process of a browser may still write while it ends; the figures are not lost over that.
        }
    }

    private static Task InstallAsync(string package, CancellationToken cancellationToken)
    {
        var installed = new FileInfo(Path.Combine(package, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(package, "package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc
            ? Task.CompletedTask
            : NpmAsync(package, ["ci", "--ignore-scripts"], cancellationToken);
    }

    private static async Task NpmAsync(string package, string[] arguments, CancellationToken cancellationToken)
    {
        await using var npm = ChildProcess.Start("npm", arguments, new Dictionary<string, string?>(StringComparer.Ordinal), package);
        await npm.ExitedAsync(cancellationToken);
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"'npm {string.Join(' ', arguments)}' failed in {package}:{Environment.NewLine}{npm.Transcript}");
        }
    }
}
