namespace RealtimeWa;

/// <summary>Pages are for people and answer with pages; everything under these prefixes is for programs and answers with JSON.</summary>
public static class Paths
{
    private static readonly PathString[] Programs = ["/api", "/health", "/hubs", "/openapi", "/sessions", "/webhooks"];

    public static bool IsForPrograms(HttpContext context) => IsForPrograms(context.Request.Path);

    public static bool IsForPrograms(PathString path) => Array.Exists(Programs, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    public static bool IsPage(HttpContext context) => !IsForPrograms(context);
}
