namespace RealtimeWa;

/// <summary>The words of the gateway's admin API for a session; the one place where they are chosen.</summary>
internal static class GatewayStatus
{
    public const string PendingQr = "PENDING_QR";

    public const string Active = "ACTIVE";

    public const string Degraded = "DEGRADED";

    public const string Stopped = "STOPPED";

    public static string Of(AccountView account) => account.Session.Status switch
    {
        SessionStatus.Connected => Active,
        _ when !account.IsActive => Stopped,
        SessionStatus.Init or SessionStatus.QrRequired => PendingQr,
        SessionStatus.Connecting when account.Phone is null => PendingQr,
        _ => Degraded,
    };
}
