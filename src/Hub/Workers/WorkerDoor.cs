using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>Lets a worker of this process in, over pipes instead of a socket: the same hub and protocol from there on.</summary>
internal sealed class WorkerDoor(HubConnectionHandler<WorkerHub> handler)
{
    public async Task AcceptAsync(IDuplexPipe transport, CancellationToken stopping)
    {
        var connection = new DefaultConnectionContext($"embedded-{Guid.NewGuid():N}") { Transport = transport };
        connection.Features.Set<IConnectionUserFeature>(new WorkerUser { User = WorkerToken.Principal });
        await using var ending = stopping.Register(connection.Abort);
        try
        {
            await handler.OnConnectedAsync(connection);
        }
        finally
        {
            await transport.Output.CompleteAsync();
            await transport.Input.CompleteAsync();
            await connection.DisposeAsync();
        }
    }

    private sealed class WorkerUser : IConnectionUserFeature
    {
        public ClaimsPrincipal? User { get; set; }
    }
}
