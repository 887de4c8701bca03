namespace RealtimeWa;

/// <summary>A session as a console shows it. Times are UTC milliseconds. It never holds the QR itself: that is a secret of whoever may pair.</summary>
/// <param name="Attempt">Number of the connection attempt that runs or is awaited; 0 when none is.</param>
/// <param name="Since">When the status began.</param>
/// <param name="RetryAt">When the next attempt starts by itself.</param>
/// <param name="LastProofAt">When a query through the socket was last answered.</param>
/// <param name="OpenSince">Since when the socket is open; nothing while it is closed.</param>
/// <param name="LastEventAt">When WhatsApp last sent anything through the socket, as of the last proof.</param>
/// <param name="BridgeMemory">Bytes that the bridge process of this account held at the last proof; accounts may share a process.</param>
public sealed record SessionView(
    SessionStatus Status,
    QrStatus QrStatus,
    ReasonCode Reason,
    OperatorAction Action,
    int Attempt,
    long Since,
    long? RetryAt,
    long? QrExpiresAt,
    string? LastError,
    long? LastConnectedAt,
    long? LastMessageAt,
    long? LastProofAt,
    long UpdatedAt,
    IReadOnlyList<NoticeView> Notices,
    long? OpenSince = null,
    long? LastEventAt = null,
    long? BridgeMemory = null);

/// <summary>What WhatsApp says about an account while it works, such as a limit with an end. The kinds are in <c>docs/protocol.md</c>.</summary>
/// <param name="Until">When it ends by itself; it is gone then.</param>
/// <param name="Level">How near a limit is, where there are steps to it.</param>
/// <param name="Used">Of <paramref name="Total"/>, where WhatsApp counts.</param>
public sealed record NoticeView(string Kind, long At, long? Until, string? Level = null, int? Used = null, int? Total = null);
