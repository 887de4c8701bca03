using System.Net;

namespace RealtimeWa;

/// <summary>
/// Where the product listens. Plain http is for this machine alone: a cookie that crosses a network in the clear signs anybody in.
/// </summary>
/// <param name="Urls">What Kestrel gets; empty when <c>Kestrel:Endpoints</c> holds the addresses.</param>
/// <param name="IsTls">Browsers speak https, to us or to the trusted proxy.</param>
public sealed record ListenAddresses(IReadOnlyList<string> Urls, bool IsTls)
{
    public const string Default = "http://localhost:5080";

    public string First => Urls.Count > 0 ? Urls[0] : "The address in Kestrel:Endpoints";

    private static readonly char[] Separators = [';', ','];

    /// <exception cref="StartRefusedException">An address is unreadable, or open to the network without TLS.</exception>
    public static ListenAddresses Read(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        var urls = endpoints.Count > 0 ? [] : Configured(configuration);
        var addresses = (endpoints.Count > 0 ? endpoints : urls).Select(Parse).ToList();
        var isBehindProxy = TrustedProxies.Read(configuration).Count > 0;
        var isTls = isBehindProxy || addresses.Exists(address => address.IsHttps);

        if (!isBehindProxy && addresses.Find(address => !address.IsHttps && !address.IsLoopback) is { } open)
        {
            throw new StartRefusedException(
                $"{open.Text} can be reached from other machines and has no TLS, so passwords would cross the network in the clear. "
                + $"Listen on {Default}, use https with a certificate (Kestrel:Certificates:Default:Path), "
                + "or name the proxy that ends TLS in Proxy:Trusted (see docs/configuration.md).");
        }

        return new ListenAddresses(urls, isTls);
    }

    private static List<string> Configured(IConfiguration configuration)
    {
        var urls = Split(configuration["urls"]);
        urls.AddRange(Split(configuration["http_ports"]).Select(port => $"http://*:{port}"));
        urls.AddRange(Split(configuration["https_ports"]).Select(port => $"https://*:{port}"));
        return urls.Count > 0 ? urls : [Default];
    }

    private static List<string> Split(string? value) =>
        [.. (value ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static Address Parse(string url)
    {
        try
        {
            var binding = BindingAddress.Parse(url);
            return new Address(url, string.Equals(binding.Scheme, "https", StringComparison.OrdinalIgnoreCase), IsLoopbackHost(binding));
        }
        catch (FormatException failure)
        {
            throw new StartRefusedException($"'{url}' is not an address to listen on. Write it like {Default}.", failure);
        }
    }

    private static bool IsLoopbackHost(BindingAddress binding) =>
        binding.IsUnixPipe || binding.IsNamedPipe
        || string.Equals(binding.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private sealed record Address(string Text, bool IsHttps, bool IsLoopback);
}
