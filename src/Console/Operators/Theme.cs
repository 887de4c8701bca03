namespace RealtimeWa;

/// <summary>Light, dark, or what the system wishes. A cookie, so that the first byte of a page has the right colours already.</summary>
public static class Theme
{
    public const string Cookie = "theme";

    public const string System = "system";

    public static IReadOnlyList<string> All { get; } = [System, "light", "dark"];

    public static string Of(HttpContext context) => context.Request.Cookies[Cookie] is { } theme && All.Contains(theme, StringComparer.Ordinal) ? theme : System;
}
