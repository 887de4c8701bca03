using System.Net;
using System.Net.Sockets;

namespace RealtimeWa;

/// <summary>
/// Looks whether the ports are free before the database is opened: Kestrel takes them last, when a migration has run and a worker has begun.
/// </summary>
internal static class Ports
{
    /// <exception cref="StartRefusedException">Another program listens there.</exception>
    public static void RefuseTaken(ListenAddresses addresses)
    {
        foreach (var url in addresses.Urls)
        {
            var binding = BindingAddress.Parse(url);
            if (binding is { IsUnixPipe: false, IsNamedPipe: false } && Places(binding.Host).Any(place => IsTaken(place, binding.Port)))
            {
                throw new StartRefusedException(InUse(url));
            }
        }
    }

    public static string InUse(string address) =>
        $"{address} is in use by another program. Stop that one, or start this one elsewhere with --urls http://localhost:5081.";

    private static IPAddress[] Places(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? [ip]
        : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : [IPAddress.Any];

    /// <summary>A place that can't be listened on for another reason is left to Kestrel, which says that.</summary>
    private static bool IsTaken(IPAddress place, int port)
    {
        using var listener = new TcpListener(place, port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode is SocketError.AddressAlreadyInUse;
        }
    }
}
