namespace RealtimeWa;

/// <summary>Where a form goes back to: a path of ours, whatever the field holds.</summary>
public static class Back
{
    public static IResult To(string? back, string? said = null, string? more = null, string? at = null)
    {
        var path = IsOurs(back) ? back! : "/";
        foreach (var part in new[] { said is null ? null : $"said={said}", more })
        {
            path += part is null ? "" : (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + part;
        }

        return Results.LocalRedirect(at is null ? path : $"{path}#{at}");
    }

    private static bool IsOurs(string? path) =>
        path is { Length: > 0 } && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\')) && !path.Any(char.IsControl);
}
