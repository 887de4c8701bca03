using System.Net;

namespace RealtimeWa;

/// <summary>Sends a page that was asked for by the loopback's number to its name: cookies and passkeys belong to a name. Programs keep what they asked for.</summary>
public sealed class LocalhostName(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && Paths.IsPage(context) && IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        {
            var name = request.Host.Port is { } port ? new HostString("localhost", port) : new HostString("localhost");
            context.Response.Redirect($"{request.Scheme}://{name}{request.PathBase}{request.Path}{request.QueryString}");
            return Task.CompletedTask;
        }

        return next(context);
    }
}
