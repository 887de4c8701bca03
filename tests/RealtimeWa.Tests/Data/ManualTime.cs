namespace RealtimeWa;

/// <summary>Time that passes when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long now = 1_763_700_000_000;

    public long Now => Interlocked.Read(ref now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);

    public void Pass(TimeSpan span) => Interlocked.Add(ref now, (long)span.TotalMilliseconds);
}
