using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>Lets a worker of this process in, over pipes instead of a socket: the same hub and protocol from there on.</summary>
internal sealed class WorkerDoor(HubConnectionHandler<WorkerHub> handler, TimeProvider time)
{
    public async Task AcceptAsync(IDuplexPipe transport, CancellationToken stopping)
    {
        var connection = new DefaultConnectionContext($"embedded-{Guid.NewGuid():N}") { Transport = transport };
        connection.Features.Set<IConnectionUserFeature>(new WorkerUser { User = WorkerToken.Principal });
        connection.Features.Set(new SameProcess());
        await using var heart = new Heart(time);
        connection.Features.Set<IConnectionHeartbeatFeature>(heart);
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

    /// <summary>Marks the connection of a worker that hears this process's database itself.</summary>
    internal sealed class SameProcess;

    private sealed class WorkerUser : IConnectionUserFeature
    {
        public ClaimsPrincipal? User { get; set; }
    }

    /// <summary>What Kestrel gives its connections every second: SignalR sends its keep-alive from there.</summary>
    private sealed class Heart : IConnectionHeartbeatFeature, IAsyncDisposable
    {
        private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

        private readonly ITimer timer;
        private readonly List<(Action<object> Act, object State)> beats = [];

        public Heart(TimeProvider time) => timer = time.CreateTimer(_ => Strike(), state: null, Beat, Beat);

        public void OnHeartbeat(Action<object> action, object state)
        {
            lock (beats)
            {
                beats.Add((action, state));
            }
        }

        public ValueTask DisposeAsync() => timer.DisposeAsync();

        private void Strike()
        {
            lock (beats)
            {
                beats.ForEach(beat => beat.Act(beat.State));
            }
        }
    }
}
