using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RealtimeWa;

/// <summary>Whether it works: a little for anyone, more for whoever shows who they are.</summary>
internal static class HealthRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var health = routes.MapApi("/health", "health");
        health.MapGet("", async (Health reader, HttpContext context) =>
            {
                var now = await reader.ReadAsync(context.RequestAborted);
                return Results.Json(now, statusCode: StatusOf(now.Status));
            })
            .AllowAnonymous()
            .WithName("Health").WithSummary("Whether it works, and how many sessions do.")
            .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable).Refuses(429);
        health.MapGet("/deep", async (Health reader, HttpContext context) =>
            {
                var now = await reader.ReadDeepAsync(context.User, context.RequestAborted);
                return Results.Json(now, statusCode: StatusOf(now.Status));
            })
            .RequireAuthorization(Policies.ProgramOr(OperatorRole.Employee))
            .WithName("DeepHealth").WithSummary("The same with the database and each session.")
            .Produces<DeepHealthView>().Produces<DeepHealthView>(StatusCodes.Status503ServiceUnavailable).Refuses(401, 403, 429);
    }

    private static int StatusOf(string status) => status is HealthStatus.Error ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
}
