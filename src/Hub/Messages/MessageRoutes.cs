using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace RealtimeWa;

/// <summary>One message of a program. The Idempotency-Key is the message's client token: the same key again is the same message.</summary>
internal static class MessageRoutes
{
    public const string Key = "Idempotency-Key";

    public static void Map(IEndpointRouteBuilder sessions) => sessions
        .MapPost("/{instance_id}/messages", async (
            Sending sending, Permissions permissions, HttpContext context, string instance_id, [FromHeader(Name = Key)] string? key) =>
        {
            if (await permissions.Session(context.User, instance_id, context.RequestAborted) is not { } account)
            {
                return Problems.NoSession();
            }

            var (body, refusal) = await JsonBody.ReadAsync<MessageRequest>(context);
            return refusal ?? await sending.SendTo(context, account, key, body!);
        })
        .RequireAuthorization(Policies.ProgramOr(OperatorRole.Employee))
        .WithName("SendMessage").WithSummary("Queues a text; it is sent once, however often it is asked with the same key.")
        .WithMetadata(new TakesJson(typeof(MessageRequest)))
        .Produces<QueuedMessage>(StatusCodes.Status202Accepted)
        .Refuses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503);
}
