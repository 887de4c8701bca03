using System.Globalization;

namespace RealtimeWa.Load;

/// <summary>What a figure must reach: a formula over the yardsticks of the same run, and its value.</summary>
internal sealed record Limit(string Formula, double Value, bool IsFloor)
{
    public static Limit Above(double plain, double milliseconds) => new($"plain + {Text(milliseconds)}", plain + milliseconds, IsFloor: false);

    public static Limit AtMost(double plain, double times) => new($"{Text(times)} × plain", plain * times, IsFloor: false);

    public static Limit AtLeast(double plain, double times) => new($"≥ {Text(times)} × plain", plain * times, IsFloor: true);

    public static Limit Fixed(double value) => new("fixed", value, IsFloor: false);

    public static Limit Starts(double plain, double bare) => new("2 × (plain + bare web)", 2 * (plain + bare), IsFloor: false);

    public bool IsMet(double value) => IsFloor ? value >= Value : value <= Value;

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
