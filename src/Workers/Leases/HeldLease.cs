namespace RealtimeWa;

/// <summary>
/// A lease as its worker sees it: on the monotonic clock, counted from before the database was asked, so that it never ends
/// later here than there.
/// </summary>
public sealed class HeldLease(Fence fence, TimeProvider time, long askedAt, TimeSpan duration)
{
    private long deadline = askedAt + Ticks(time, duration);

    public Fence Fence { get; } = fence;

    public AccountId AccountId => Fence.AccountId;

    /// <summary>How much is left; negative when it has run out.</summary>
    public TimeSpan Left => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref deadline));

    public bool IsHeld => Left > TimeSpan.Zero;

    /// <param name="askedAt">The monotonic timestamp from before the renewal was sent.</param>
    public void Renewed(long askedAt, TimeSpan duration) => Volatile.Write(ref deadline, askedAt + Ticks(time, duration));

    public void Lost() => Volatile.Write(ref deadline, long.MinValue / 2);

    private static long Ticks(TimeProvider time, TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
