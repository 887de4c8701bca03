using System.Net;
using Microsoft.AspNetCore.Connections;

namespace RealtimeWa;

/// <summary>Reaches a hub in the same process through a pair of pipes.</summary>
internal sealed class EmbeddedConnections(AcceptWorker accept) : IConnectionFactory
{
    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var (worker, hub) = PipePair.Create();
        var ending = new CancellationTokenSource();
        var serving = accept(hub, ending.Token);
        return ValueTask.FromResult<ConnectionContext>(new WorkerConnection(worker, async () =>
        {
            await ending.CancelAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ending.Dispose();
        }));
    }
}
