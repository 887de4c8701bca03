namespace RealtimeWa;

/// <summary>Time with its timers, both clocks in step; hours pass when a test says so.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Alarm> alarms = [];
    private long now = 1_763_700_000_000;

    public long Now
    {
        get
        {
            lock (gate)
                return now;
        }
    }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>A timer rings after exactly this.</summary>
    public bool RingsIn(TimeSpan span)
    {
        lock (gate)
            return alarms.Exists(alarm => alarm.At == now + (long)span.TotalMilliseconds);
    }

    /// <summary>Every timer that falls due rings in its order, at its own time.</summary>
    public void Pass(TimeSpan span)
    {
        var until = Now + (long)span.TotalMilliseconds;
        while (Next(until) is { } due)
            due.Ring();
    }

    private Alarm? Next(long until)
    {
        lock (gate)
        {
            var due = alarms.Where(alarm => alarm.At <= until).MinBy(alarm => alarm.At);
            now = Math.Max(now, due?.At ?? until);
            due?.Rearm();
            return due;
        }
    }

    private sealed class Alarm(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private long? every;

        public long? At { get; private set; }

        public void Ring() => callback(state);

        public void Rearm() => At = every is { } period ? At + period : null;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.alarms.Remove(this);
                every = period == Timeout.InfiniteTimeSpan ? null : (long)period.TotalMilliseconds;
                At = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + (long)dueTime.TotalMilliseconds;
                if (At is not null)
                    time.alarms.Add(this);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
