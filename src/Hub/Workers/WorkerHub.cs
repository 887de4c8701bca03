using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>The door of workers, in this process or on another host. Before a welcome nothing else is heard, and nothing is told.</summary>
[Authorize(Policies.Worker)]
internal sealed class WorkerHub(EventTail tail, Fan fan) : Hub<IWorkerClient>, IWorkerHub
{
    private static readonly object Welcome = new();

    public async Task<string?> Hello(WorkerHello hello)
    {
        if (hello.Protocol != WorkerProtocol.Version)
        {
            return $"This worker speaks version {hello.Protocol} of the protocol, the hub speaks {WorkerProtocol.Version}. Install the same version of both.";
        }

        Context.Items[Welcome] = hello.WorkerId;
        if (Context.Features.Get<WorkerDoor.SameProcess>() is null)
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, RealtimeWa.Groups.WorkersElsewhere, Context.ConnectionAborted);
        }

        return null;
    }

    public Task Rang(IReadOnlyList<Doorbell> doorbells)
    {
        AfterHello();
        tail.Ring();
        return Task.CompletedTask;
    }

    public Task Typing(TypingView typing)
    {
        AfterHello();
        fan.Typing(typing);
        return Task.CompletedTask;
    }

    private void AfterHello()
    {
        if (!Context.Items.ContainsKey(Welcome))
        {
            throw new HubException("Say Hello first.");
        }
    }
}
