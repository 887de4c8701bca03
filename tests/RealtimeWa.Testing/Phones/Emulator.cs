using System.Net.Http.Json;
using System.Text.Json;
using RealtimeWa.Processes;

namespace RealtimeWa.Phones;

/// <summary>The WhatsApp emulator of <c>tests/whatsapp-emulator</c> as a child process, and the phones in it.</summary>
public sealed class Emulator : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly HttpClient http;

    private Emulator(ChildProcess process, JsonElement ready)
    {
        this.process = process;
        var port = ready.GetProperty("port").GetInt32();
        WebSocketUrl = ready.GetProperty("url").GetString()!;
        RootPublicKey = ready.GetProperty("rootPublicKey").GetString()!;
        MediaCa = ready.GetProperty("mediaCa").GetString()!;
        Control = new Uri($"http://127.0.0.1:{port}/");
        http = new HttpClient { BaseAddress = Control, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Control { get; }

    public string WebSocketUrl { get; }

    /// <summary>Base64 of the 32 bytes that its certificates are signed with.</summary>
    public string RootPublicKey { get; }

    /// <summary>Path of the PEM for <c>NODE_EXTRA_CA_CERTS</c>.</summary>
    public string MediaCa { get; }

    public int ProcessId => process.Id;

    public static async Task<Emulator> StartAsync(CancellationToken cancellationToken)
    {
        var main = Path.Combine(Repository.Root, "tests", "whatsapp-emulator", "dist", "main.js");
        if (!File.Exists(main))
        {
            throw new InvalidOperationException(
                "The emulator is not built: run 'npm ci && npm run build' in tests/whatsapp-emulator, or ./test, which does it.");
        }

        var child = ChildProcess.Start("node", [main, "--port", "0", "--exit-with-stdin"], new Dictionary<string, string?>(StringComparer.Ordinal));
        var line = await child.LineAsync(text => text.StartsWith('{'), cancellationToken);
        return new Emulator(child, JsonDocument.Parse(line).RootElement);
    }

    /// <summary>The phone with this number scans the QR's text.</summary>
    public async Task ScanAsync(string qr, string phone, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(
            new Uri($"admin/mock-phone/scan-qr?phone={phone}", UriKind.Relative), new StringContent(qr), cancellationToken);
        await ThrowUnlessFineAsync(response, cancellationToken);
    }

    /// <summary>A customer with a phone.</summary>
    public async Task<Contact> ContactAsync(string phone, string name, CancellationToken cancellationToken)
    {
        await PostAsync("api/contacts", new { pn = phone, name }, cancellationToken);
        return new Contact(this, phone);
    }

    public Task<JsonElement> StatsAsync(CancellationToken cancellationToken) => GetAsync("api/stats", cancellationToken);

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), cancellationToken);

    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        await ThrowUnlessFineAsync(response, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    private static async Task ThrowUnlessFineAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var said = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidOperationException($"The emulator answered {(int)response.StatusCode}: {said}");
        }
    }
}
