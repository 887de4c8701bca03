namespace RealtimeWa;

/// <summary>A clock that moves when a test says so; wall clock and monotonic clock apart.</summary>
internal sealed class LeaseClock : TimeProvider
{
    private TimeSpan monotonic = TimeSpan.FromDays(1);
    private DateTimeOffset wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => monotonic.Ticks;

    public override DateTimeOffset GetUtcNow() => wall;

    public void Pass(TimeSpan time) => (monotonic, wall) = (monotonic + time, wall + time);

    public void Skew(TimeSpan time) => wall += time;
}
