using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace RealtimeWa.Processes;

/// <summary>A process of ours with its lines of output, killed with the test that started it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly List<string> transcript = [];

    private ChildProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Take(line.Data, isOutput: true);
        process.ErrorDataReceived += (_, line) => Take(line.Data, isOutput: false);
    }

    public int Id => process.Id;

    /// <summary>The Node children that hold the sockets, where it has any.</summary>
    public IReadOnlyList<int> BridgeIds =>
        [.. Directory.GetDirectories($"/proc/{Id}/task")
            .SelectMany(task => Facts(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            .Where(id => Facts($"/proc/{id}/comm").StartsWith("node", StringComparison.Ordinal))];

    public int ExitCode => process.ExitCode;

    /// <summary>All that it printed, for the message of a test that fails.</summary>
    public string Transcript
    {
        get
        {
            lock (transcript)
            {
                return string.Join(Environment.NewLine, transcript);
            }
        }
    }

    public static ChildProcess Start(
        string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string? folder = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Repository.Root,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(start);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The next line of standard output that fits; throws with the transcript when the process ends before.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Eventually.Limit);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(limit.Token))
            {
                if (fits(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException canceled)
        {
            throw new TimeoutException($"The line did not come. Printed so far:{Environment.NewLine}{Transcript}", canceled);
        }

        throw new InvalidOperationException($"The process ended before the line came. It printed:{Environment.NewLine}{Transcript}");
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <summary>A signal as the shell names it: KILL, STOP, CONT, TERM.</summary>
    public void Signal(string name) => Signals.Send(process.Id, name);

    /// <summary>SIGKILL to it alone: its children have to notice by themselves.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Signal("KILL");
        await ExitedAsync(cancellationToken);
    }

    public async Task ExitedAsync(CancellationToken cancellationToken) => await process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    /// <summary>A file of a process or of a thread; empty where it has ended.</summary>
    private static string Facts(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Take(string? line, bool isOutput)
    {
        if (line is null)
        {
            if (isOutput)
            {
                lines.Writer.TryComplete();
            }

            return;
        }

        lock (transcript)
        {
            transcript.Add(line);
        }

        if (isOutput)
        {
            lines.Writer.TryWrite(line);
        }
    }
}

/// <summary>POSIX signals to a process by its id.</summary>
public static partial class Signals
{
    /// <summary>KILL, STOP, CONT or TERM; a process that is gone already is fine.</summary>
    public static void Send(int processId, string name)
    {
        var number = name switch
        {
            "KILL" => 9,
            "TERM" => 15,
            "CONT" => 18,
            "STOP" => 19,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Known are KILL, STOP, CONT and TERM."),
        };
        _ = Kill(processId, number);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
