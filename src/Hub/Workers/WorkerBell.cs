using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>Rings every worker that was welcomed; the one that holds the account's lease looks. Nobody waits for it: the row is there already.</summary>
internal sealed class WorkerBell(IHubContext<WorkerHub, IWorkerClient> hub)
{
    public void OutboxWaiting(AccountId account) => _ = hub.Clients.Group(Groups.Workers).OutboxWaiting(account);

    public void CommandWaiting(AccountId account) => _ = hub.Clients.Group(Groups.Workers).CommandWaiting(account);
}
