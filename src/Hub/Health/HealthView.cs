namespace RealtimeWa;

/// <summary>What anyone may know: whether it works, and how many sessions do.</summary>
/// <param name="Status"><c>ok</c>: every session that should be is connected; <c>degraded</c>: some are not; <c>error</c>: the database does not answer.</param>
/// <param name="Uptime">Whole seconds since this process started.</param>
public sealed record HealthView(string Status, DateTimeOffset Timestamp, long Uptime, SessionCounts Sessions);

public sealed record SessionCounts(int Total, int Connected, int Connecting, int Disconnected);
