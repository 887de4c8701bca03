using System.Globalization;

namespace RealtimeWa.Load;

/// <summary>The few lines of <c>/proc</c> that are read here, as proc(5) describes them.</summary>
internal static class ProcFiles
{
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int SystemField = 12;

    /// <summary>The parent's id and the processor time in ticks (utime + stime) out of <c>/proc/N/stat</c>.</summary>
    public static (int Parent, long Ticks) Stat(string text)
    {
        // The second field is the program's name in brackets and may hold anything, also blanks and brackets.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (int.Parse(fields[ParentField], CultureInfo.InvariantCulture), Number(fields[UserField]) + Number(fields[SystemField]));
    }

    /// <summary>The proportional set size out of <c>/proc/N/smaps_rollup</c>, in kilobytes.</summary>
    public static long Pss(string text) => Kilobytes(text.Split('\n').First(line => line.StartsWith("Pss:", StringComparison.Ordinal)));

    /// <summary>
    /// The mappings of <c>/proc/N/smaps</c>: where each comes from (a file and a place in it; nothing for memory without a file)
    /// and how many kilobytes are the process's own and how many are shared with others.
    /// </summary>
    public static IEnumerable<Mapping> Mappings(string text)
    {
        string? source = null;
        long own = 0, shared = 0;
        var begun = false;
        foreach (var line in text.Split('\n'))
        {
            if (IsHead(line))
            {
                if (begun)
                {
                    yield return new(source, own, shared);
                }

                (source, own, shared, begun) = (Source(line), 0, 0, true);
            }
            else if (line.StartsWith("Private_", StringComparison.Ordinal) && !line.StartsWith("Private_Hugetlb", StringComparison.Ordinal))
            {
                own += Kilobytes(line);
            }
            else if (line.StartsWith("Shared_", StringComparison.Ordinal) && !line.StartsWith("Shared_Hugetlb", StringComparison.Ordinal))
            {
                shared += Kilobytes(line);
            }
        }

        if (begun)
        {
            yield return new(source, own, shared);
        }
    }

    private static bool IsHead(string line) => line.Length > 0 && (char.IsAsciiDigit(line[0]) || (line[0] is >= 'a' and <= 'f'));

    private static string? Source(string head)
    {
        var fields = head.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 6 && fields[4] is not "0" ? $"{fields[3]} {fields[4]} {fields[2]}" : null;
    }

    private static long Kilobytes(string line) => Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <param name="Source">Device, inode and offset of the file that is mapped, or nothing.</param>
internal sealed record Mapping(string? Source, long Own, long Shared);
