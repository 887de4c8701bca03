namespace RealtimeWa;

/// <summary>What links a phone: the text of a QR code or a pairing code to type, and when it ends (UTC milliseconds).</summary>
public sealed record QrView(string? Qr, string? PairCode, long ExpiresAt);
