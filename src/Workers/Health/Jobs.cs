using Microsoft.Extensions.Options;
using Quartz;

namespace RealtimeWa;

/// <summary>The safety net under the doorbells: what waits in the outbox, rows that could not be saved, messages without an acknowledgement.</summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(Supervisor supervisor, OutboxStore outbox, CommandStore commands) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (var account in await outbox.Waiting(cancellationToken))
                supervisor.Find(account)?.WakeOutbox();
            foreach (var account in await commands.Waiting(cancellationToken))
                supervisor.Find(account)?.Post(new SessionMail.Commands());
        }
        catch (StorageRefusedException)
        {
            // The next sweep comes in a moment; whoever writes says what is wrong.
        }

        foreach (var actor in supervisor.Actors)
            actor.Post(new SessionMail.Sweep());
    }
}

/// <summary>Looks whether the bridges answer, and asks for a proof where nothing came for long. Silence alone is no fault.</summary>
[DisallowConcurrentExecution]
internal sealed class LightPollJob(Supervisor supervisor, IProvider provider, IOptions<WorkersOptions> options, TimeProvider time) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        foreach (var actor in supervisor.Actors)
        {
            if (actor.Quiet.IsTooLong(actor.View, time.GetUtcNow(), options.Value.Stale))
                actor.Post(new SessionEvent.ProbeDue());
        }

        await provider.CheckAsync(cancellationToken);
    }
}

/// <summary>Asks every connected session for a proof of life.</summary>
[DisallowConcurrentExecution]
internal sealed class DeepPollJob(Supervisor supervisor) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        foreach (var actor in supervisor.Actors)
            actor.Post(new SessionEvent.ProbeDue());
        return ValueTask.CompletedTask;
    }
}

/// <summary>Forgets what nobody can need any more.</summary>
[DisallowConcurrentExecution]
internal sealed class PurgeJob(
    InboundStore inbound,
    OutboxStore outbox,
    CommandStore commands,
    EventStore events,
    SessionKeyStore keys,
    SessionStore sessions,
    AccountStore accounts,
    TimeProvider time) : IJob
{
    private const int DaysOfRecords = 3;
    private const int DaysOfEvents = 7;
    private const int DaysOfRequests = 30;
    private const int DaysOfHistory = 90;
    private const int MessagesAtOnce = 1000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await inbound.Purge(Before(DaysOfRecords), cancellationToken);
            await outbox.Purge(Before(DaysOfRequests), cancellationToken);
            await events.Purge(Before(DaysOfEvents), cancellationToken);
            await commands.Purge(Before(DaysOfRequests), cancellationToken);
            await keys.PurgeSent(Before(DaysOfRequests), cancellationToken);
            await sessions.PurgeHistory(Before(DaysOfHistory), cancellationToken);

            // Another write gets its turn between two steps.
            while (await accounts.Purge(Before(0), MessagesAtOnce, cancellationToken) > 0)
            {
            }
        }
        catch (StorageRefusedException)
        {
            // In an hour it is tried again; whoever writes says what is wrong.
        }
    }

    private long Before(int days) => time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds();
}
