namespace RealtimeWa;

/// <summary>How long a session waits before an attempt. A connection that had held for a minute is tried again almost at once.</summary>
internal static class Backoff
{
    public const long Longest = 60_000;

    /// <summary>After the end of a process of ours: neither the network nor WhatsApp is to blame, and every second is one without messages.</summary>
    public const long LongestAtHome = 15_000;

    private static readonly long[] Delays = [1_000, 5_000, 15_000, 45_000];

    /// <param name="attempt">1 for the first attempt after a connection that held.</param>
    /// <param name="jitter">In [0, 1): spreads many sessions over a fifth of the delay.</param>
    /// <param name="reason">Why the connection ended.</param>
    public static long Delay(int attempt, double jitter, ReasonCode reason)
    {
        var delay = attempt <= Delays.Length ? Delays[attempt - 1] : Longest;
        var longest = reason is ReasonCode.BridgeStopped or ReasonCode.BridgeRefused ? LongestAtHome : Longest;
        return Math.Min(longest, (long)(delay * (0.9 + (0.2 * jitter))));
    }
}
