using System.Reflection;

namespace RealtimeWa;

public sealed class AboutReader(
    InventoryStore inventories, Database database, Health health, Connections connections, IConfiguration configuration, IServiceProvider services, TimeProvider clock)
{
    private static readonly string Build =
        typeof(AboutReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public async Task<AboutPage> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var worker = services.GetService<WorkerFacts>();
        var (inventory, latency, refused) = await LookAsync(cancellationToken);
        var lastPurge = worker is null ? null : await worker.LastPurgeAsync(cancellationToken);
        return new AboutPage(
            Build.Split('+')[0],
            Build.Split('+') is [_, { Length: > 0 } commit] ? commit : null,
            now - TimeSpan.FromSeconds((await health.ReadAsync(cancellationToken)).Uptime),
            Environment.WorkingSet,
            GC.GetTotalMemory(forceFullCollection: false),
            Path.GetFullPath(configuration["Data:Directory"] is { Length: > 0 } folder ? folder : "data"),
            latency,
            inventory,
            refused,
            connections.Count,
            worker is not null,
            lastPurge?.ToUnixTimeMilliseconds(),
            WorkersOf(inventory, worker?.Id),
            now.ToUnixTimeMilliseconds());
    }

    private async Task<(Inventory? Inventory, TimeSpan Latency, string? Refused)> LookAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            await database.PingAsync(cancellationToken);
            var latency = clock.GetElapsedTime(started);
            return (await inventories.Read(cancellationToken), latency, null);
        }
        catch (StorageRefusedException refusal)
        {
            return (null, clock.GetElapsedTime(started), refusal.Message);
        }
    }

    private static List<AboutWorker> WorkersOf(Inventory? inventory, string? here) =>
    [
        .. (inventory?.Holdings ?? []).Where(holding => holding.Owner is not null)
            .GroupBy(holding => holding.Owner!, StringComparer.Ordinal)
            .Select(held => Name(held.Key, string.Equals(held.Key, here, StringComparison.Ordinal), [.. held])),
    ];

    /// <summary>A worker's id is its machine, its process with the moment of its start, and a random part; the first two say something to people.</summary>
    private static AboutWorker Name(string id, bool isHere, IReadOnlyList<Holding> holdings)
    {
        var parts = id.Split('/');
        return new(id, parts[0].Split('.')[0], parts.ElementAtOrDefault(1)?.Split('-')[0] ?? "", isHere, holdings);
    }
}
