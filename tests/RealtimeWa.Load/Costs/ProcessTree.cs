using System.Globalization;
using System.Runtime.InteropServices;

namespace RealtimeWa.Load;

/// <summary>A process and all that it started: what they cost together.</summary>
internal sealed partial class ProcessTree(int root)
{
    private const int ClockTicks = 2;

    private static readonly double MillisecondsPerTick = 1000.0 / Configuration(ClockTicks);

    /// <summary>Processor time of all of them so far, user and system, in milliseconds.</summary>
    public double CpuMilliseconds() => Members().Sum(member => member.Ticks) * MillisecondsPerTick;

    /// <summary>
    /// Memory in megabytes. <c>Pss</c> divides shared pages among all processes of the machine, also those that have nothing to
    /// do with these (an emulator that runs on the same Node); <c>Alone</c> is what these would take without any others.
    /// </summary>
    public (double Pss, double Alone) Megabytes()
    {
        var ids = Members().Select(member => member.Id).ToArray();
        var pss = ids.Sum(id => ProcFiles.Pss(Read(id, "smaps_rollup")));
        var mappings = ids.SelectMany(id => ProcFiles.Mappings(Read(id, "smaps"))).ToArray();
        var alone = mappings.Sum(mapping => mapping.Own) +
            mappings.Where(mapping => mapping.Source is null).Sum(mapping => mapping.Shared) +
            mappings.Where(mapping => mapping.Source is not null)
                .GroupBy(mapping => mapping.Source, StringComparer.Ordinal)
                .Sum(same => same.Max(mapping => mapping.Shared));
        return (pss / 1024.0, alone / 1024.0);
    }

    private List<Member> Members()
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Look(id) : null)
            .OfType<Member>()
            .ToLookup(member => member.Parent);
        var found = new List<Member>();
        if (Look(root) is { } first)
        {
            found.Add(first);
        }

        for (var at = 0; at < found.Count; at++)
        {
            found.AddRange(all[found[at].Id]);
        }

        return found;
    }

    private static Member? Look(int id)
    {
        try
        {
            var (parent, ticks) = ProcFiles.Stat(Read(id, "stat"));
            return new(id, parent, ticks);
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return null;
        }
    }

    private static string Read(int id, string file) => File.ReadAllText($"/proc/{id}/{file}");

    [LibraryImport("libc", EntryPoint = "sysconf")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial long Configuration(int name);

    private sealed record Member(int Id, int Parent, long Ticks);
}
