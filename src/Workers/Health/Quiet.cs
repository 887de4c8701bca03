namespace RealtimeWa;

/// <summary>Silence of one connected account. It asks for a proof once each time that it has lasted for long, and for nothing else.</summary>
public sealed class Quiet
{
    private long askedAt;

    public bool IsTooLong(SessionView view, DateTimeOffset now, TimeSpan patience)
    {
        var at = now.ToUnixTimeMilliseconds();
        var since = Math.Max(askedAt, Math.Max(view.LastEventAt ?? 0, view.LastConnectedAt ?? 0));
        if (view.Status is not SessionStatus.Connected || at - since < (long)patience.TotalMilliseconds)
            return false;

        askedAt = at;
        return true;
    }
}
