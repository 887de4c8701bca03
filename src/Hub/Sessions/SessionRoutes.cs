using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RealtimeWa;

/// <summary>Sessions for programs, and for the pages of one client. A session's id is the account's instance id.</summary>
internal static class SessionRoutes
{
    /// <summary>What the instance id of a client's session begins with.</summary>
    private const string Sender = "sender_";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapApi("/api/session-manager/sessions", "sessions");
        sessions.MapGet("/{instance_id}", (SessionRequests requests, HttpContext context, string instance_id) =>
                requests.Get(context.User, instance_id, context.RequestAborted))
            .RequireAuthorization(Policies.ProgramOr(OperatorRole.Employee))
            .WithName("GetSession").WithSummary("The session as it is now.").Produces<ContractSession>()
            .Refuses(401, 403, 404, 429, 503);
        sessions.MapPost("/{instance_id}/qr", (SessionRequests requests, HttpContext context, string instance_id) =>
                requests.Qr(context.User, instance_id, context.RequestAborted))
            .RequireAuthorization(Policies.ProgramOr(OperatorRole.Admin))
            .WithName("RequestQr").WithSummary("The QR that is valid, or a new one; asked twice it is the same.").Produces<ContractQr>()
            .Refuses(401, 403, 404, 409, 413, 429, 500, 503);
        MessageRoutes.Map(sessions);

        routes.MapApi("/sessions", "sessions").MapPost("/{sessionId}/reconnect", (SessionRequests requests, HttpContext context, string sessionId) =>
                requests.Reconnect(context.User, sessionId, CancellationToken.None))
            .RequireAuthorization(Policies.ProgramOr(OperatorRole.Manager))
            .WithName("ReconnectSession").WithSummary("Connects a linked session again.").Produces<Reconnected>()
            .Refuses(401, 403, 404, 409, 413, 429, 503);

        var clients = routes.MapApi("/api/whatsapp/{clienteId}", "clients");
        clients.MapGet("/status", (SessionRequests requests, HttpContext context, string clienteId) =>
                requests.Get(context.User, Sender + clienteId, context.RequestAborted))
            .RequireAuthorization(Policies.Employee)
            .WithName("ClientStatus").WithSummary("The session of a client, unchanged.").Produces<ContractSession>()
            .Refuses(401, 403, 404, 429, 503);
        clients.MapGet("/qr", (SessionRequests requests, HttpContext context, string clienteId) =>
                requests.ClientQr(context.User, Sender + clienteId, context.RequestAborted))
            .RequireAuthorization(Policies.Manager)
            .WithName("ClientQr").WithSummary("The code to scan, or that a scanned one is being used.").Produces<ClientQr>()
            .Refuses(401, 403, 404, 409, 429, 500, 503);
    }
}
