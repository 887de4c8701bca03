using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RealtimeWa;

/// <summary>The admin API of a message gateway: sessions of personal numbers.</summary>
internal static class GatewayRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapApi("/api/channel-admin/v1/whatsapp/personal/sessions", "gateway").RequireAuthorization(Policies.Gateway);

        sessions.MapPost("", async (GatewaySessions gateway, HttpContext context) =>
            {
                var (body, refusal) = await JsonBody.ReadAsync<GatewayStart>(context);
                return refusal ?? await gateway.Start(context.User, body!.AccountLabel, CancellationToken.None);
            })
            .WithName("GatewayStart").WithSummary("Starts a session and has its QR made.").WithMetadata(new TakesJson(typeof(GatewayStart)))
            .Produces<GatewaySession>(StatusCodes.Status201Created)
            .Refuses(400, 401, 403, 409, 413, 415, 429, 503);
        sessions.MapGet("/{id}/qr", (GatewaySessions gateway, HttpContext context, string id) => gateway.Qr(context.User, id, context.RequestAborted))
            .WithName("GatewayQr").WithSummary("The code to scan, as text and picture.").Produces<GatewayQr>()
            .Refuses(401, 404, 409, 410, 429, 503);
        sessions.MapGet("/{id}/status", (GatewaySessions gateway, HttpContext context, string id) => gateway.Status(context.User, id, context.RequestAborted))
            .WithName("GatewayStatus").WithSummary("How the session is: PENDING_QR, ACTIVE, DEGRADED or STOPPED.").Produces<GatewaySessionStatus>()
            .Refuses(401, 404, 429, 503);
        sessions.MapDelete("/{id}", (GatewaySessions gateway, HttpContext context, string id) => gateway.Stop(context.User, id, CancellationToken.None))
            .WithName("GatewayStop").WithSummary("Stops the session; its link and its chats stay.").Produces(StatusCodes.Status204NoContent)
            .Refuses(401, 404, 429, 503);
    }
}
