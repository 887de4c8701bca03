using System.Text.Json;

namespace RealtimeWa;

/// <summary>What the bridge says of a connection, in our words. The only place that knows Baileys' close codes.</summary>
internal static class BaileysStates
{
    /// <summary>Nothing when nobody needs to know.</summary>
    public static ProviderEvent? Read(StateBody said, Link link, TimeProvider time)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return said.State switch
        {
            "qr" when said.Qr is { } qr => Changed(new SessionEvent.QrShown(new Secret(qr), now + said.ExpiresInMs)),
            "paired" when said is { Phone: { } phone, Creds: { } creds } =>
                new ProviderEvent.Linked(phone, Some(said.Lid), Some(said.Name), new Secret(creds)),
            "open" => Changed(new SessionEvent.Opened()),
            "notice" when said is { Kind: { } kind, Over: true } => Changed(new SessionEvent.NoticeOver(kind)),
            "notice" when said is { Kind: { } kind } =>
                Changed(new SessionEvent.Noticed(new NoticeView(kind, said.At ?? now, said.Until, Some(said.Level), said.Used, said.Total))),
            "caught_up" => new ProviderEvent.CaughtUp(),
            "close" => Closed(said, link),
            _ => throw new JsonException("A state of no known kind."),
        };
    }

    /// <summary>The reason of a close: a code of WhatsApp or of Baileys, and the text beside it.</summary>
    public static ReasonCode Cause(int code, string? text, bool loggedOut)
    {
        // An answer of some server in between says nothing about the account, whatever its number.
        if (text?.StartsWith("WebSocket Error", StringComparison.Ordinal) is true)
            return ReasonCode.NetworkUnreachable;

        return code switch
        {
            _ when loggedOut => ReasonCode.LoggedOut,
            401 => ReasonCode.LoggedOut,
            403 => ReasonCode.Forbidden,
            405 => ReasonCode.ClientOutdated,
            408 when text?.StartsWith("QR refs", StringComparison.Ordinal) is true => ReasonCode.QrExpired,
            408 or 428 => ReasonCode.ConnectionLost,
            411 => ReasonCode.MultideviceMismatch,
            440 => ReasonCode.Replaced,
            495 => ReasonCode.UntrustedServer,
            500 => ReasonCode.BadSession,
            503 => ReasonCode.ServerUnavailable,
            515 => ReasonCode.RestartRequired,
            _ => ReasonCode.Unknown,
        };
    }

    private static ProviderEvent.Changed? Closed(StateBody said, Link link)
    {
        // Only we stop a connection, and whoever did knows.
        if (said.Code.ValueKind is JsonValueKind.String && said.Code.ValueEquals("stopped"))
            return null;

        link.Ended();
        var cause = said.Code.ValueKind is JsonValueKind.Number ? Cause(said.Code.GetInt32(), said.Reason, said.LoggedOut) : ReasonCode.LeaseLost;
        return Changed(new SessionEvent.Closed(link.StorageRefused ? ReasonCode.StorageRefused : cause));
    }

    private static ProviderEvent.Changed Changed(SessionEvent change) => new(change);

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
