using System.Globalization;

namespace RealtimeWa;

/// <summary>A number of bytes, in the unit that people would say.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB"];

    public static string Text(long bytes)
    {
        var (value, unit) = (bytes / 1000.0, 0);
        while (value >= 1000 && unit < Units.Length - 1)
        {
            (value, unit) = (value / 1000, unit + 1);
        }

        return value.ToString(value < 10 ? "0.0" : "0", CultureInfo.CurrentCulture) + "\u00a0" + Units[unit];
    }
}
