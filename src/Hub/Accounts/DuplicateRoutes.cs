using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RealtimeWa;

/// <summary>One session per phone: older links of a phone are closed by their workers, marked and explained; the newest stays.</summary>
internal static class DuplicateRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapApi("/api/accounts", "accounts")
        .MapPost("/cleanup-duplicates", async (DuplicateStore duplicates, CommandStore commands) =>
        {
            List<ClosedDuplicate> closed = [];
            foreach (var (older, kept) in await duplicates.Find(CancellationToken.None))
            {
                if (await commands.Add(older.Id, CommandKind.Supersede, kept.Id.ToString(), CancellationToken.None) is not null)
                {
                    closed.Add(new(older.InstanceId, older.Label, kept.InstanceId));
                }
            }

            return Results.Json(new ClosedDuplicates(closed));
        })
        .RequireAuthorization(Policies.Admin)
        .WithName("CleanupDuplicates").WithSummary("Closes all but the newest link of each phone.").Produces<ClosedDuplicates>()
        .Refuses(401, 403, 413, 429, 503);
}

/// <param name="Closed">Sessions whose workers were told to close them, with the one that stays.</param>
public sealed record ClosedDuplicates(IReadOnlyList<ClosedDuplicate> Closed);

public sealed record ClosedDuplicate(string SessionId, string AccountLabel, string KeptSessionId);
