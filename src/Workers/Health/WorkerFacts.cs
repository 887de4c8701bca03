using Quartz;

namespace RealtimeWa;

/// <summary>What a worker that runs inside this process says about itself, for the page that shows the product's insides.</summary>
public sealed class WorkerFacts
{
    private readonly ISchedulerFactory schedulers;

    internal WorkerFacts(WorkerIdentity identity, ISchedulerFactory schedulers)
    {
        Id = identity.Id;
        this.schedulers = schedulers;
    }

    /// <summary>The owner that stands in the leases of its accounts.</summary>
    public string Id { get; }

    /// <summary>When old rows were last purged; nothing before the first time.</summary>
    public async Task<DateTimeOffset?> LastPurgeAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var trigger = await scheduler.GetTrigger(new TriggerKey(nameof(PurgeJob)), cancellationToken);
        return trigger?.PreviousFireTimeUtc;
    }
}
