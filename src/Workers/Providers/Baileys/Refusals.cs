namespace RealtimeWa;

/// <summary>The bridge's error codes as a provider's refusals.</summary>
internal static class Refusals
{
    public static ProviderRefusedException Read(BridgeFault? fault) => new(Of(fault?.Code), fault?.Message ?? "The bridge refused without a reason.");

    private static ProviderRefusal Of(string? code) => code switch
    {
        "stale_epoch" or "lease_lost" => ProviderRefusal.LeaseLost,
        "not_started" or "not_open" => ProviderRefusal.NotOpen,
        "timeout" => ProviderRefusal.Timeout,
        "rejected" => ProviderRefusal.Rejected,
        "invalid_number" => ProviderRefusal.InvalidNumber,
        _ => ProviderRefusal.Failed,
    };
}
