using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>
/// A page of another site can open a WebSocket with this site's cookie, and a neighbour on the same site can send its forms, so sockets
/// of browsers and all that changes something come from pages of ours alone. Programs that are no browser send no origin.
/// </summary>
internal static class SameOrigin
{
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app, string hub) => app.Use((context, next) =>
        IsGuarded(context.Request, hub) && !IsSame(context.Request)
            ? Problems.Of(StatusCodes.Status403Forbidden, "FOREIGN_ORIGIN", "This came from a page of another site. Open the console itself.").ExecuteAsync(context)
            : next(context));

    internal static bool IsSame(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && string.Equals(uri.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
                && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsGuarded(HttpRequest request, string hub) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Path.StartsWithSegments(hub, StringComparison.OrdinalIgnoreCase);
}
