using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>Why a session is in its status.</summary>
[JsonConverter(typeof(SnakeCase<ReasonCode>))]
public enum ReasonCode
{
    None,
    NeverLinked,
    WaitingForScan,
    QrExpired,
    Linking,
    Resuming,
    Proven,
    ConnectionLost,
    NetworkUnreachable,
    ConnectTimeout,
    ServerUnavailable,
    RestartRequired,
    ProbeFailed,
    LeaseLost,
    BridgeStopped,

    /// <summary>The bridge can't run here: the session's last error says what is missing.</summary>
    BridgeRefused,

    WorkerStopped,
    LoggedOut,
    Replaced,
    Forbidden,
    MultideviceMismatch,
    BadSession,
    ClientOutdated,
    UntrustedServer,
    StoppedByPerson,
    DuplicateNumber,
    StorageRefused,
    Unknown,
}

/// <summary>What a person can do about a session's status.</summary>
[JsonConverter(typeof(SnakeCase<OperatorAction>))]
public enum OperatorAction
{
    None,
    Wait,
    ScanQr,
    Reconnect,
    RelinkPhone,
    OpenPhone,
    CloseOtherClient,
    UpdateProduct,
    ContactAdmin,
}
