using System.Security.Cryptography;
using System.Text;

namespace RealtimeWa;

/// <summary>WhatsApp's message ids.</summary>
internal static class WaIds
{
    private const int Longest = 120;

    /// <summary>A new one in the form that WhatsApp's own web client uses.</summary>
    public static string New() => "3EB0" + Convert.ToHexString(RandomNumberGenerator.GetBytes(9));

    /// <summary>Others choose the ids of their messages; one that is longer than a column becomes its hash.</summary>
    public static string Fit(string id) =>
        id.Length <= Longest ? id : "sha256-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
