namespace RealtimeWa;

/// <summary>WhatsApp's addresses: user@server, where the user may carry a device behind a colon.</summary>
internal static class Jids
{
    public static string? PnOf(string jid) => jid.EndsWith("@s.whatsapp.net", StringComparison.Ordinal) ? User(jid) : null;

    public static string? LidOf(string jid) => jid.EndsWith("@lid", StringComparison.Ordinal) ? User(jid) : null;

    /// <summary>The part before device and server.</summary>
    public static string? User(string? jid)
    {
        if (string.IsNullOrEmpty(jid))
        {
            return null;
        }

        var end = jid.AsSpan().IndexOfAny(':', '@');
        return end < 0 ? jid : jid[..end];
    }
}
