namespace RealtimeWa;

/// <summary>Times of the HTTP API: UTC in ISO 8601 with a Z.</summary>
internal static class Instant
{
    public static DateTime Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    public static DateTime? Of(long? milliseconds) => milliseconds is { } at ? Of(at) : null;
}
