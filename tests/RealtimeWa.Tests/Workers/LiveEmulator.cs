using System.Text.Json;
using RealtimeWa.Phones;

namespace RealtimeWa;

/// <summary>One emulator for a class of tests, and words for what WhatsApp does to an account.</summary>
public sealed class LiveEmulator : IAsyncLifetime
{
    private Emulator? emulator;

    internal Emulator Emulator => emulator!;

    public async ValueTask InitializeAsync() => emulator = await Emulator.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync() => await Emulator.DisposeAsync();

    internal Task ClosesAsync(string phone, object how) => PostAsync($"api/accounts/{phone}/disconnect", how);

    internal Task RefusesLoginsAsync(string phone, int reason) => PostAsync($"api/accounts/{phone}/faults", new { loginFailure = reason });

    /// <summary>It hands the next message on and does not say so.</summary>
    internal Task AcknowledgesNotTheNextAsync(string phone) => PostAsync($"api/accounts/{phone}/faults", new { send = new { mode = "no-ack", remaining = 1 } });

    internal Task RemovesDeviceAsync(string phone) => PostAsync($"api/accounts/{phone}/unlink", new { });

    internal Task IsReachableAsync(bool reachable) => PostAsync("api/network", new { reachable });

    internal Task ForgesItsCertificateAsync(bool forged) => PostAsync("api/security", new { forgeChain = forged });

    /// <summary>How often the phone's linked device has logged in.</summary>
    internal async Task<int> LoginsAsync(string phone) => (await DeviceAsync(phone)).GetProperty("logins").GetInt32();

    /// <summary>The phone's linked device has a connection to WhatsApp.</summary>
    internal async Task<bool> IsOnlineAsync(string phone) => (await DeviceAsync(phone)).GetProperty("connected").GetBoolean();

    internal async Task<int> CountAsync(string counter) =>
        (await Emulator.StatsAsync(TestWorker.Cancel)).GetProperty("counters").TryGetProperty(counter, out var count) ? count.GetInt32() : 0;

    /// <summary>What became of a message at WhatsApp's server: queued, sent, receipt, retry, nack.</summary>
    internal async Task<string?> FateAsync(string messageId)
    {
        var stats = await Emulator.GetAsync($"api/stats?stanzas=1&id={messageId}&class=message", TestWorker.Cancel);
        return stats.GetProperty("stanzas").EnumerateArray().Select(stanza => stanza.GetProperty("state").GetString()).SingleOrDefault();
    }

    private async Task<JsonElement> DeviceAsync(string phone) =>
        (await Emulator.GetAsync($"api/accounts/{phone}", TestWorker.Cancel)).GetProperty("devices").EnumerateArray().Last();

    private Task<JsonElement> PostAsync(string path, object body) => Emulator.PostAsync(path, body, TestWorker.Cancel);
}
