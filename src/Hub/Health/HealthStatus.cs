namespace RealtimeWa;

/// <summary>The words of the health API; the one place where they are chosen.</summary>
internal static class HealthStatus
{
    public const string Ok = "ok";

    public const string Degraded = "degraded";

    public const string Error = "error";

    public const string Connected = "connected";

    public const string Connecting = "connecting";

    public const string Disconnected = "disconnected";

    private const string QrPending = "qr_pending";

    /// <summary>A session whose worker is gone is not connected, whatever it last wrote.</summary>
    public static string Of(AccountHealth health, long now) => health.Account.Session.Status switch
    {
        SessionStatus.Connected => health.LeaseUntil > now ? Connected : Disconnected,
        SessionStatus.Connecting => Connecting,
        SessionStatus.Init or SessionStatus.QrRequired => QrPending,
        _ => Disconnected,
    };
}
