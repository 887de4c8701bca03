using RealtimeWa.Phones;

namespace RealtimeWa.Load;

internal static class EmulatorClock
{
    /// <summary>How far the emulator's clock is ahead of this process's, in milliseconds.</summary>
    public static Task<double> AheadAsync(Emulator emulator, CancellationToken cancellationToken) => Clock.AheadAsync(
        async () => (await emulator.StatsAsync(cancellationToken)).GetProperty("now").GetDouble(), cancellationToken);
}
