using System.Security.Cryptography;
using System.Text;

namespace RealtimeWa;

/// <summary>Compares what somebody shows with a secret of the configuration.</summary>
internal static class SharedSecret
{
    public const int Shortest = 16;

    // Digests have one length, so the comparison takes the same time whatever was sent.
    public static bool IsSame(string shown, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
