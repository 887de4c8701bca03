using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>How often somebody may ask the API: per key or person, and per address for whoever is not known.</summary>
internal sealed class ApiLimit : IRequestLimit
{
    public (string Name, int PerMinute)? Of(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value;
        return Caller.NameOf(context.User) is { } name
            ? (name, limits.RequestsPerMinute)
            : ($"address {context.Connection.RemoteIpAddress}", limits.RequestsPerMinutePerAddress);
    }
}
