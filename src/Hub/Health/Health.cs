namespace RealtimeWa;

/// <summary>Reads how things are; a stopped account is no fault.</summary>
public sealed class Health(AccountStore accounts, TimeProvider time)
{
    private readonly long started = time.GetTimestamp();

    public async Task<HealthView> ReadAsync(CancellationToken cancellationToken)
    {
        var uptime = (long)time.GetElapsedTime(started).TotalSeconds;
        try
        {
            var active = (await accounts.List(cancellationToken)).Where(account => account.IsActive).ToList();
            var connected = active.Count(account => account.Session.Status == SessionStatus.Connected);
            var connecting = active.Count(account => account.Session.Status is SessionStatus.Connecting or SessionStatus.QrRequired);
            return new(
                connected == active.Count ? "ok" : "degraded",
                time.GetUtcNow(),
                uptime,
                new(active.Count, connected, connecting, active.Count - connected - connecting));
        }
        catch (StorageRefusedException)
        {
            return new("error", time.GetUtcNow(), uptime, new(0, 0, 0, 0));
        }
    }
}
