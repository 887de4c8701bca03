namespace RealtimeWa;

/// <summary>
/// Counts what came of the last gap. The transition that closes a gap counts once; what WhatsApp still hands over comes after it, and
/// what could not be read at first may be readable a minute later.
/// </summary>
internal sealed class GapCount(SessionStore sessions, Fence fence)
{
    private const long Healing = 60_000;

    private long? arrivedSince;
    private long? dueAt;

    public void Closed(HistoryStep.GapClosed gap) => (arrivedSince, dueAt) = (gap.ArrivedSince, gap.At + Healing);

    /// <summary>WhatsApp has handed over all that it had kept, and it became rows.</summary>
    public async Task<Doorbell?> CaughtUpAsync(long now, CancellationToken cancellationToken)
    {
        if (arrivedSince is not { } since)
            return null;

        dueAt = now + Healing;
        return await sessions.CountGap(fence, since, cancellationToken);
    }

    public async Task<Doorbell?> SweepAsync(long now, CancellationToken cancellationToken)
    {
        if (arrivedSince is not { } since || !(dueAt <= now))
            return null;

        var doorbell = await sessions.CountGap(fence, since, cancellationToken);
        dueAt = null;
        return doorbell;
    }
}
