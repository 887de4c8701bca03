using System.Net;

namespace RealtimeWa;

/// <summary><c>Proxy:Trusted</c>: addresses of the proxies that end TLS for us; only their forwarded headers are believed.</summary>
public static class TrustedProxies
{
    /// <exception cref="StartRefusedException">An entry is no IP address.</exception>
    public static IReadOnlyList<IPAddress> Read(IConfiguration configuration) =>
        [.. configuration.GetSection("Proxy:Trusted").GetChildren().Select(entry => entry.Value).OfType<string>().Select(Parse)];

    private static IPAddress Parse(string text) =>
        IPAddress.TryParse(text, out var address)
            ? address
            : throw new StartRefusedException($"Proxy:Trusted holds '{text}', which is no IP address. Write the proxy's address, such as 10.0.0.5.");
}
