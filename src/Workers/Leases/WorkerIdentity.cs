using System.Diagnostics;
using System.Globalization;

namespace RealtimeWa;

/// <summary>
/// Who this worker is: unique per start, and readable by the next worker on the same machine, which need not wait for the leases of
/// one that is dead.
/// </summary>
internal sealed class WorkerIdentity
{
    private readonly string machine = Machine();

    public WorkerIdentity()
    {
        var process = Environment.ProcessId;
        Id = string.Create(CultureInfo.InvariantCulture, $"{machine}/{process}-{StartOf(process)}/{Guid.NewGuid().ToString("N")[..12]}");
    }

    public string Id { get; }

    /// <summary>True only when it is certain: a worker of this machine whose process is no more.</summary>
    public bool IsDead(string workerId)
    {
        if (workerId.Split('/') is not [var where, var process, _] || !string.Equals(where, machine, StringComparison.Ordinal) || machine.Length == 0)
            return false;

        return process.Split('-') is [var id, var start]
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number != Environment.ProcessId
            && !string.Equals(StartOf(number), start, StringComparison.Ordinal);
    }

    // A process number is reused some day; together with its start it is not.
    private static string StartOf(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return StartOfElsewhere(process);
        }
    }

    private static string StartOfElsewhere(int process)
    {
        if (OperatingSystem.IsLinux())
            return "";

        try
        {
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception absent) when (absent is ArgumentException or InvalidOperationException)
        {
            return "";
        }
    }

    // Two containers may have one name and one kernel: their process namespaces tell them apart.
    private static string Machine()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? $"{Environment.MachineName}.{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()[..8]}.{new FileInfo("/proc/self/ns/pid").LinkTarget}".Replace('/', '.')
                : Environment.MachineName;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
