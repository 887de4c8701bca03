using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace RealtimeWa;

/// <summary>Takes accounts by lease, keeps one actor for each, renews, and gives all back when the worker stops.</summary>
internal sealed partial class Supervisor : BackgroundService
{
    // About ten seconds: what fails longer is a matter of the lease, which runs out.
    private const int AttemptsForOne = 5;

    private readonly ConcurrentDictionary<AccountId, SessionActor> actors = new();
    private readonly ConcurrentDictionary<SessionActor, Task> watches = new();
    private readonly Database database;
    private readonly LeaseStore leases;
    private readonly SessionTools tools;
    private readonly WorkerIdentity identity;
    private readonly WorkersOptions options;
    private readonly ILogger<Supervisor> logger;
    private readonly ResiliencePipeline patience;
    private readonly ResiliencePipeline briefPatience;
    private TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task claiming = Task.CompletedTask;
    private volatile bool isStopping;

    public Supervisor(Database database, LeaseStore leases, SessionTools tools, WorkerIdentity identity, IOptions<WorkersOptions> options, ILogger<Supervisor> logger)
    {
        this.database = database;
        this.leases = leases;
        this.tools = tools;
        this.identity = identity;
        this.options = options.Value;
        this.logger = logger;
        patience = Patience.Make(tools.Time, sentence => Log.Refused(logger, sentence));
        briefPatience = Patience.Make(tools.Time, sentence => Log.Refused(logger, sentence), AttemptsForOne);
        tools.Hub.OnOutbox = OnOutbox;
        tools.Hub.OnCommand = OnCommand;
        database.Bells.MessageComes += OnMessage;
        database.Bells.OutboxWaits += OnOutbox;
        database.Bells.CommandWaits += OnCommand;
        tools.Hub.OnConnected = LookAround;
    }

    public ICollection<SessionActor> Actors => actors.Values;

    public SessionActor? Find(AccountId account) => actors.GetValueOrDefault(account);

    /// <summary>Everything is finished and saved, connections are closed, leases are given back.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        await base.StopAsync(cancellationToken);
        await claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var all = watches.Values;
        await Task.WhenAll(actors.Values.Select(actor => actor.StopAsync(cancellationToken)));
        await Task.WhenAll(all).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Log.Stopped(logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.OpenAsync(stoppingToken);
        await patience.ExecuteAsync(BuryDeadWorkersAsync, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            // A call from here on finds the next round waiting, or is heard by this one.
            var call = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref called, call);
            try
            {
                await patience.ExecuteAsync(RenewAsync, stoppingToken);
                await AcquireAsync(stoppingToken);
            }
            catch (StorageRefusedException refused)
            {
                Log.Refused(logger, refused.Message);
            }
            catch (Exception surprise) when (surprise is not OperationCanceledException)
            {
                // What is held now ends with its lease unless the next round renews it.
                Log.RoundFailed(logger, surprise);
            }

            await Task.WhenAny(call.Task, Task.Delay(options.LeaseRenewal, tools.Time, stoppingToken));
        }
    }

    /// <summary>The leases of a worker of this machine that is no more need not run out first.</summary>
    private async ValueTask BuryDeadWorkersAsync(CancellationToken cancellationToken)
    {
        foreach (var fence in await leases.Held(cancellationToken))
        {
            if (identity.IsDead(fence.WorkerId))
                await leases.Release(fence, cancellationToken);
        }
    }

    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        // A lease that ran out here is never renewed, even if nobody has taken the account: its connection ended with it.
        foreach (var actor in actors.Values.Where(actor => !actor.Lease.IsHeld))
            actor.Post(new SessionEvent.LeaseLost());

        var held = actors.Values.Select(actor => actor.Lease).Where(lease => lease.IsHeld).ToArray();
        if (held.Length == 0)
            return;

        var askedAt = tools.Time.GetTimestamp();
        var renewed = await leases.Renew([.. held.Select(lease => lease.Fence)], options.LeaseDuration, cancellationToken);
        var known = renewed.Select(lease => lease.Fence).ToHashSet();
        foreach (var lease in held)
        {
            if (known.Contains(lease.Fence))
            {
                lease.Renewed(askedAt, options.LeaseDuration);
                _ = TellAsync(lease, cancellationToken);
            }
            else
            {
                lease.Lost();
                Find(lease.AccountId)?.Post(new SessionEvent.LeaseLost());
            }
        }
    }

    private async Task TellAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        try
        {
            await tools.Provider.RenewedAsync(lease, cancellationToken);
        }
        catch (Exception failure) when (failure is ProviderRefusedException or OperationCanceledException)
        {
            // A connection that is not there needs no lease; one that hangs is found by its probe.
        }
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        var room = options.MaxAccounts - actors.Count;
        if (room <= 0)
            return;

        var askedAt = tools.Time.GetTimestamp();
        var taken = await leases.Acquire(identity.Id, room, options.LeaseDuration, cancellationToken);
        if (taken.Count == 0)
            return;

        Log.Took(logger, taken.Count);
        var held = taken.Select(lease => new HeldLease(lease.Fence, tools.Time, askedAt, options.LeaseDuration)).ToArray();
        claiming = ClaimAsync(claiming, held, cancellationToken);
    }

    /// <summary>
    /// All are owned, and so renewed, from the first moment on; then they connect in waves, so that thirty accounts don't knock at
    /// WhatsApp's door in one moment.
    /// </summary>
    private async Task ClaimAsync(Task before, IReadOnlyList<HeldLease> taken, CancellationToken cancellationToken)
    {
        List<SessionActor> made = [];
        foreach (var lease in taken)
        {
            if (!cancellationToken.IsCancellationRequested && await MakeAsync(lease, cancellationToken) is { } actor)
                made.Add(actor);
        }

        // Nobody waits for what is not to be connected, and who waits says so.
        var connecting = made.Where(Connects).ToArray();
        foreach (var actor in made.Except(connecting))
            Claim(actor);

        var wave = options.StartStagger is null ? options.StartWave : 1;
        var gap = options.StartStagger ?? options.StartWaveGap;
        foreach (var actor in connecting.Skip(before.IsCompleted ? wave : 0))
            actor.Post(new SessionEvent.Taken());

        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (number, actor) in connecting.Index())
        {
            if (number > 0 && number % wave == 0)
                await Task.Delay(gap, tools.Time, cancellationToken);

            Claim(actor);
        }
    }

    private static bool Connects(SessionActor actor) =>
        actor.Stored.Creds is not null && IsWanted(actor) && actor.View.Status is not SessionStatus.Error;

    private static bool IsWanted(SessionActor actor) => actor.Stored.AutoConnects && actor.View.Reason is not ReasonCode.StoppedByPerson;

    private static void Claim(SessionActor actor)
    {
        actor.Post(new SessionEvent.Claimed(actor.Stored.Creds is not null, IsWanted(actor)));
        actor.Post(new SessionMail.Commands());
    }

    private async Task<SessionActor?> MakeAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        try
        {
            var (session, unreadable) = await briefPatience.ExecuteAsync(cancel => LoadAsync(lease.AccountId, cancel), cancellationToken);

            // A database that answers late may have outlasted the lease, and another round have made the account's actor meanwhile.
            if (session is null || !lease.IsHeld)
                return null;

            var actor = new SessionActor(tools, lease, session);
            actors[lease.AccountId] = actor;
            watches[actor] = WatchAsync(actor);
            if (unreadable is not null)
                actor.Post(new SessionEvent.KeysUnreadable(unreadable));
            return actor;
        }
        catch (StorageRefusedException refused)
        {
            // Its lease runs out, and then it is tried again.
            Log.Refused(logger, refused.Message);
            return null;
        }
        catch (Exception surprise) when (surprise is not OperationCanceledException)
        {
            Log.NotTaken(logger, surprise, lease.AccountId);
            return null;
        }
    }

    private async ValueTask<(StoredSession? Session, string? Unreadable)> LoadAsync(AccountId account, CancellationToken cancellationToken)
    {
        try
        {
            return (await tools.Sessions.Load(account, cancellationToken), null);
        }
        catch (StorageRefusedException refused) when (refused.IsOfKeys)
        {
            var view = await tools.Accounts.Find(account, cancellationToken);
            return (view is null ? null : new StoredSession(view, Creds: null), refused.Message);
        }
    }

    private async Task WatchAsync(SessionActor actor)
    {
        var takenAt = tools.Time.GetTimestamp();
        var ending = await actor.Ended;
        // One that hung past its lease may have been followed by another here, whose connection is none of its business.
        if (actors.TryRemove(new KeyValuePair<AccountId, SessionActor>(actor.AccountId, actor)))
            tools.Provider.Forget(actor.AccountId);
        if (ending is not SessionActor.Ending.Deleted)
            await ReleaseAsync(actor.Lease.Fence);
        await actor.DisposeAsync();
        watches.TryRemove(actor, out _);

        // What was given back right after it was taken waits for the next round, so that it can't go back and forth without rest.
        var rested = tools.Time.GetElapsedTime(takenAt) >= options.LeaseRenewal;
        if (!isStopping && rested && ending is not SessionActor.Ending.Failed)
            Wake();
    }

    private async Task ReleaseAsync(Fence fence)
    {
        try
        {
            await briefPatience.ExecuteAsync(async cancel => await leases.Release(fence, cancel), CancellationToken.None);
        }
        catch (StorageRefusedException refused)
        {
            Log.Refused(logger, refused.Message);
        }
    }

    private void OnMessage(AccountId account, Draft draft) => Find(account)?.Prepare(draft);

    private void OnOutbox(AccountId account) => Find(account)?.WakeOutbox();

    // An account that nobody owns yet may be a new one.
    private void OnCommand(AccountId account)
    {
        if (Find(account) is { } actor)
            actor.Post(new SessionMail.Commands());
        else
            Wake();
    }

    private void LookAround()
    {
        foreach (var actor in actors.Values)
        {
            actor.WakeOutbox();
            actor.Post(new SessionMail.Commands());
        }

        Wake();
    }

    private void Wake() => Volatile.Read(ref called).TrySetResult();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "This worker owns {Count} more accounts.")]
        public static partial void Took(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Information, Message = "All sessions are stopped and saved.")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "Leases can't be renewed or taken: {Sentence}")]
        public static partial void Refused(ILogger logger, string sentence);

        [LoggerMessage(Level = LogLevel.Error, Message = "Leases could not be renewed or taken; it is tried again by itself.")]
        public static partial void RoundFailed(ILogger logger, Exception surprise);

        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: it could not be read, so its lease runs out and it is tried again.")]
        public static partial void NotTaken(ILogger logger, Exception surprise, AccountId account);
    }
}
