using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace RealtimeWa;

/// <summary>The worker's end of a connection to the hub.</summary>
internal sealed class WorkerConnection : DefaultConnectionContext
{
    private readonly IDuplexPipe transport;
    private readonly Func<Task> close;

    public WorkerConnection(IDuplexPipe transport, Func<Task> close)
        : base(Guid.NewGuid().ToString("N"))
    {
        this.transport = transport;
        this.close = close;
        Transport = transport;
    }

    public override async ValueTask DisposeAsync()
    {
        await transport.Output.CompleteAsync();
        await transport.Input.CompleteAsync();
        await close();
        await base.DisposeAsync();
    }
}
