using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>The door of workers, in this process or on another host.</summary>
[Authorize(Policies.Worker)]
internal sealed class WorkerHub(EventTail tail, Fan fan) : Hub<IWorkerClient>, IWorkerHub
{
    public Task<string?> Hello(WorkerHello hello) => Task.FromResult(hello.Protocol == WorkerProtocol.Version
        ? null
        : $"This worker speaks version {hello.Protocol} of the protocol, the hub speaks {WorkerProtocol.Version}. Install the same version of both.");

    public Task Rang(IReadOnlyList<Doorbell> doorbells)
    {
        tail.Ring();
        return Task.CompletedTask;
    }

    public Task Typing(TypingView typing)
    {
        fan.Typing(typing);
        return Task.CompletedTask;
    }
}
