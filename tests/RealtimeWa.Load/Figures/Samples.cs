namespace RealtimeWa.Load;

/// <summary>Numbers that were measured, and what is said of them.</summary>
internal static class Samples
{
    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> samples)
    {
        var ordered = Ordered(samples);
        var middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    /// <summary>The smallest sample that at least <paramref name="percent"/> of all do not exceed (nearest rank): always one that was seen.</summary>
    public static double Percentile(IEnumerable<double> samples, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(percent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var ordered = Ordered(samples);
        return ordered[(int)Math.Ceiling(percent / 100 * ordered.Length) - 1];
    }

    private static double[] Ordered(IEnumerable<double> samples)
    {
        double[] ordered = [.. samples.Order()];
        return ordered.Length > 0 ? ordered : throw new ArgumentException("Nothing was measured.", nameof(samples));
    }
}
