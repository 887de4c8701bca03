using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RealtimeWa;

/// <summary>What all routes for programs have in common.</summary>
internal static class ApiRouting
{
    /// <summary>Counted, small bodies only, and shown in the OpenAPI document under its noun.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes, string prefix, string noun) =>
        routes.MapGroup(prefix).WithTags(noun).WithMetadata(new ApiLimit()).LimitBody().AddEndpointFilter(NoStore);

    /// <summary>Says in the OpenAPI document with which problems a route answers.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.ProducesProblem(status);
        }

        return route;
    }

    // Numbers, codes and states: nothing for a cache.
    private static ValueTask<object?> NoStore(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(invocation);
    }
}
