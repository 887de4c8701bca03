using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>A frozen contract: on the wire in lower snake case, never translated, never inferred.</summary>
[JsonConverter(typeof(SnakeCase<SessionStatus>))]
public enum SessionStatus
{
    /// <summary>Known, nothing started.</summary>
    Init,

    /// <summary>Waits for a scan.</summary>
    QrRequired,

    /// <summary>Scanned or resuming; after 60 s it becomes <see cref="Disconnected"/>.</summary>
    Connecting,

    /// <summary>Proven alive.</summary>
    Connected,

    /// <summary>Not connected, can come back.</summary>
    Disconnected,

    /// <summary>Needs a person.</summary>
    Error,
}

/// <summary>A frozen contract, as <see cref="SessionStatus"/>.</summary>
[JsonConverter(typeof(SnakeCase<QrStatus>))]
public enum QrStatus
{
    None,
    Generated,
    Expired,
    Used,
}
