using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>
/// A page of another site can open a WebSocket with this site's cookie, so the hub of browsers takes only sockets whose origin is its own.
/// Programs that are no browser send no origin.
/// </summary>
internal static class SameOrigin
{
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app, string path) => app.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase) && !IsSame(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await next(context);
    });

    internal static bool IsSame(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && string.Equals(uri.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
                && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
