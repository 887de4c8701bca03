using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;

namespace RealtimeWa;

/// <summary>
/// The browsers that are connected. A cookie is checked when a socket opens; this checks again every half minute, so that the socket
/// of a person who was removed, or got another password or role, ends.
/// </summary>
public sealed class Connections(OperatorStore operators, TimeProvider time) : BackgroundService
{
    /// <summary>The claim that holds the security stamp of the operator's row.</summary>
    public const string Stamp = "stamp";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, HubCallerContext> open = new(StringComparer.Ordinal);

    public int Count => open.Count;

    public void Add(HubCallerContext context) => open[context.ConnectionId] = context;

    public void Remove(HubCallerContext context) => open.TryRemove(context.ConnectionId, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await CheckAsync(stoppingToken);
        }
    }

    /// <summary>Ends the sockets of everyone whose stamp is no longer the row's. A database that does not answer ends nobody.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var person in open.Values.GroupBy(context => Policies.IdOf(context.User!)))
        {
            Operator? row;
            try
            {
                row = await operators.FindByIdAsync(person.Key.ToString(), cancellationToken);
            }
            catch (StorageRefusedException)
            {
                return;
            }

            foreach (var context in person)
            {
                if (!string.Equals(row?.SecurityStamp, context.User!.FindFirstValue(Stamp), StringComparison.Ordinal))
                {
                    context.Abort();
                }
            }
        }
    }
}
