namespace RealtimeWa;

/// <summary>What anyone may know: whether it works, and how many sessions do.</summary>
/// <param name="Status"><c>ok</c>: every session that should be is connected; <c>degraded</c>: some are not; <c>error</c>: the database does not answer.</param>
/// <param name="Uptime">Whole seconds since this process started.</param>
public sealed record HealthView(string Status, DateTime Timestamp, long Uptime, SessionCounts Sessions);

/// <summary>Sessions that a person stopped are not counted: nobody expects them to be there.</summary>
public sealed record SessionCounts(int Total, int Connected, int Connecting, int Disconnected);

/// <summary>The same for whoever may know more.</summary>
/// <param name="Mode"><c>single</c>: the workers are in this process; <c>separate</c>: they are processes of their own.</param>
/// <param name="Commit">What this was built from; nothing for a build outside of a repository.</param>
public sealed record DeepHealthView(
    string Status, DateTime Timestamp, long Uptime, string Mode, string? Commit, DatabaseHealth Database, IReadOnlyList<SessionHealth> Sessions);

public sealed record DatabaseHealth(bool Connected, double? LatencyMs);

/// <param name="PhoneNumber">Masked for operators.</param>
/// <param name="ConnectionStatus"><c>qr_pending</c>, <c>connecting</c>, <c>connected</c> or <c>disconnected</c>.</param>
/// <param name="SocketAlive">Connected, proven, and its worker still owns it.</param>
/// <param name="LastProofAt">When a query through the socket was last answered.</param>
public sealed record SessionHealth(
    string SessionId,
    string? PhoneNumber,
    string ConnectionStatus,
    DateTime? LastConnectedAt,
    DateTime? LastMessageAt,
    bool SocketAlive,
    DateTime? LastProofAt,
    SessionLock? Lock);

/// <summary>Which worker owns a session, and until when unless it renews.</summary>
public sealed record SessionLock(string Owner, DateTime? ExpiresAt);
