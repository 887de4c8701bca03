namespace RealtimeWa;

/// <summary>Pages are for people and answer with pages; everything under these prefixes is for programs and answers with JSON.</summary>
public static class Paths
{
    private static readonly PathString[] Programs = ["/api", "/health", "/hubs", "/openapi", "/sessions", "/webhooks"];

    public static bool IsForPrograms(HttpContext context) => Array.Exists(Programs, prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    public static bool IsPage(HttpContext context) => !IsForPrograms(context);
}
