namespace RealtimeWa;

/// <summary>For each reason: what a person can do, and the sentence that says what happened and what to do.</summary>
public static class Reasons
{
    /// <summary>Attempts by itself would be wrong: only a person can change anything.</summary>
    public static bool IsFinal(ReasonCode reason) => reason is ReasonCode.LoggedOut
        or ReasonCode.Replaced
        or ReasonCode.Forbidden
        or ReasonCode.MultideviceMismatch
        or ReasonCode.BadSession
        or ReasonCode.DuplicateNumber;

    /// <summary>The saved keys will never be accepted again: only a new link helps.</summary>
    public static bool NeedsNewLink(ReasonCode reason) =>
        reason is ReasonCode.LoggedOut or ReasonCode.BadSession or ReasonCode.MultideviceMismatch or ReasonCode.DuplicateNumber;

    public static OperatorAction Action(ReasonCode reason) => reason switch
    {
        ReasonCode.None or ReasonCode.Proven => OperatorAction.None,
        ReasonCode.NeverLinked or ReasonCode.WaitingForScan or ReasonCode.QrExpired => OperatorAction.ScanQr,
        ReasonCode.LoggedOut or ReasonCode.BadSession or ReasonCode.MultideviceMismatch => OperatorAction.RelinkPhone,
        ReasonCode.Replaced => OperatorAction.CloseOtherClient,
        ReasonCode.ClientOutdated => OperatorAction.UpdateProduct,
        ReasonCode.Forbidden => OperatorAction.OpenPhone,
        ReasonCode.StoppedByPerson => OperatorAction.Reconnect,
        ReasonCode.BridgeRefused or ReasonCode.UntrustedServer or ReasonCode.DuplicateNumber or ReasonCode.StorageRefused => OperatorAction.ContactAdmin,
        _ => OperatorAction.Wait,
    };

    /// <summary>Nothing where the status speaks for itself.</summary>
    public static string? Sentence(ReasonCode reason) => reason switch
    {
        ReasonCode.ConnectionLost => "The connection to WhatsApp was lost. It is tried again by itself.",
        ReasonCode.NetworkUnreachable => "WhatsApp's servers can't be reached from here. Check this server's internet connection; it is tried again by itself.",
        ReasonCode.ConnectTimeout => "WhatsApp did not answer within 60 seconds. It is tried again by itself.",
        ReasonCode.ServerUnavailable => "WhatsApp's servers are not available right now. It is tried again by itself.",
        ReasonCode.RestartRequired => "WhatsApp asked for a new connection. It is tried again by itself.",
        ReasonCode.ProbeFailed => "The connection was open but no longer answered, so it was closed. It is tried again by itself.",
        ReasonCode.LeaseLost => "This worker no longer owns the account; another one takes it over.",
        ReasonCode.BridgeStopped => "The process that speaks to WhatsApp stopped. It is started again by itself.",
        ReasonCode.BridgeRefused => "The process that speaks to WhatsApp can't be started on this server; the log says why. It is tried again by itself.",
        ReasonCode.WorkerStopped => "The program was stopped. The account connects again when it is started.",
        ReasonCode.LoggedOut => "The phone removed this device from its linked devices. Scan a new QR code with the phone to link it again.",
        ReasonCode.Replaced => "Another client connected with the same keys. Close it, then reconnect here.",
        ReasonCode.Forbidden => "WhatsApp refuses this number; it may be banned. Open WhatsApp on the phone to see why, then reconnect.",
        ReasonCode.MultideviceMismatch => "The phone's list of linked devices no longer fits. Scan a new QR code with the phone to link it again.",
        ReasonCode.BadSession => "WhatsApp no longer accepts the saved keys. They are kept for inspection; scan a new QR code to link the phone again.",
        ReasonCode.ClientOutdated => "WhatsApp no longer accepts this version of the product. Update it.",
        ReasonCode.UntrustedServer => "The server that answered could not prove that it is WhatsApp, so nothing was sent to it. Check this server's network and proxies.",
        ReasonCode.DuplicateNumber => "Another account here was linked to the same number later, so this one was closed. Its conversations stay readable; delete it when nobody needs them.",
        ReasonCode.StorageRefused => "The database refused to save what came in, so the connection was closed and WhatsApp keeps the messages. Check disk and database.",
        ReasonCode.Unknown => "The connection to WhatsApp ended for an unknown reason. It is tried again by itself.",
        _ => null,
    };

    public const string ProbesExhausted =
        "The connection stopped answering three times within an hour. Check the phone and this server's network, then reconnect.";

    public const string AlreadyConnected = "The account is connected already. Stop it first to link another phone.";
}
