using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;

namespace RealtimeWa;

/// <summary>
/// Rings the welcome workers of other processes; the one that holds the account's lease looks. Nobody waits for it: the row is there already.
/// A worker of this process hears the database itself.
/// </summary>
internal sealed class WorkerBell(Database database, IHubContext<WorkerHub, IWorkerClient> hub) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.Bells.OutboxWaits += OutboxWaiting;
        database.Bells.CommandWaits += CommandWaiting;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        database.Bells.OutboxWaits -= OutboxWaiting;
        database.Bells.CommandWaits -= CommandWaiting;
        return Task.CompletedTask;
    }

    private void OutboxWaiting(AccountId account) => _ = hub.Clients.Group(Groups.WorkersElsewhere).OutboxWaiting(account);

    private void CommandWaiting(AccountId account) => _ = hub.Clients.Group(Groups.WorkersElsewhere).CommandWaiting(account);
}
