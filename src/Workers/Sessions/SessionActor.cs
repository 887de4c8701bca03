using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>
/// One account while this worker owns it, and the only place where its session changes: one mailbox, one reader. It saves each
/// transition, runs its effects, makes rows of what arrived, and rings the hub.
/// </summary>
internal sealed partial class SessionActor : IAsyncDisposable
{
    private const int LargestBatch = 512;

    private readonly Channel<SessionMail> mailbox = Channel.CreateUnbounded<SessionMail>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource<Ending> ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SessionTools tools;
    private readonly HeldLease lease;
    private readonly Connection connection;
    private readonly OutboxPump outbox;
    private readonly Replay replay;
    private readonly GapCount gaps;
    private readonly StartReport report;
    private readonly List<HistoryStep> unsavedSteps = [];
    private readonly ITimer deadline;
    private readonly Task running;
    private SessionState state;
    private SessionState saved;
    private bool isUnsaved;
    private bool isClaimed;
    private bool isResumeOwed;

    public SessionActor(SessionTools tools, HeldLease lease, StoredSession session)
    {
        this.tools = tools;
        this.lease = lease;
        Stored = session;
        state = saved = SessionState.Of(session.Account.Session, session.Teardowns);
        connection = new Connection(tools, lease, this);
        outbox = new OutboxPump(tools, lease, this, over.Token);
        replay = new Replay(tools, lease, over.Token);
        gaps = new GapCount(tools.Sessions, lease.Fence);
        report = new StartReport(tools.Logger, lease.AccountId);
        deadline = tools.Time.CreateTimer(_ => Post(new SessionMail.Happened(new SessionEvent.DeadlineReached())), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        running = RunAsync();
    }

    /// <summary>Why an actor ended.</summary>
    public enum Ending
    {
        /// <summary>Another worker owns the account, or may.</summary>
        LeaseLost,

        /// <summary>It gives the lease back by itself.</summary>
        Released,

        /// <summary>Something went wrong that should not; the account is taken anew in a while.</summary>
        Failed,

        /// <summary>The account is no more.</summary>
        Deleted,

        /// <summary>The worker stops.</summary>
        Stopped,
    }

    public AccountId AccountId => lease.AccountId;

    public HeldLease Lease => lease;

    public StoredSession Stored { get; }

    /// <summary>The status now; for polls and tests.</summary>
    public SessionView View => Volatile.Read(ref state).View;

    /// <summary>Messages can be sent.</summary>
    public bool IsConnected => Volatile.Read(ref state).Phase is SessionPhase.Proven;

    /// <summary>For the poll that looks for silence.</summary>
    public Quiet Quiet { get; } = new();

    /// <summary>Ends when the actor does, and says why.</summary>
    public Task<Ending> Ended => ending.Task;

    public void Post(SessionMail mail)
    {
        if (mailbox.Writer.TryWrite(mail))
            return;

        replay.Owe();
        mail.Done?.TrySetException(new LeaseLostException());
    }

    public void Post(SessionEvent change, int? socket = null) => Post(new SessionMail.Happened(change, socket));

    public void Prepare(Draft draft) => outbox.Prepare(draft);

    public void WakeOutbox() => outbox.Wake();

    /// <summary>Puts it into the mailbox and waits until it is durable.</summary>
    public Task SayAsync(SessionMail mail)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(mail with { Done = done });
        return done.Task;
    }

    /// <summary>Everything that waits is finished, the true state is saved, the connection is closed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Post(new SessionEvent.WorkerStopping());
        mailbox.Writer.TryComplete();
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        mailbox.Writer.TryComplete();
        await over.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await outbox.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
        await deadline.DisposeAsync();
        over.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var end = Ending.Stopped;
        try
        {
            while (await mailbox.Reader.WaitToReadAsync(over.Token))
                await TakeAsync();
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(tools.Logger, AccountId);
            end = Ending.LeaseLost;
            await GiveUpAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Whoever disposes it knows why.
        }
        catch (ActorEndedException ended)
        {
            end = ended.Ending;
        }
        catch (Exception surprise)
        {
            Log.Surprise(tools.Logger, surprise, AccountId);
            end = Ending.Failed;
            await GiveUpAsync();
        }

        mailbox.Writer.TryComplete();
        replay.Owe();
        while (mailbox.Reader.TryRead(out var unread))
            unread.Done?.TrySetException(new LeaseLostException());
        await connection.SettledAsync();
        ending.TrySetResult(end);
    }

    /// <summary>Takes all that waits; what arrived is made rows of together.</summary>
    private async Task TakeAsync()
    {
        List<SessionMail.Arrived> arrived = [];
        for (var i = 0; i < LargestBatch && mailbox.Reader.TryRead(out var mail); i++)
        {
            if (mail is SessionMail.Arrived items)
            {
                arrived.Add(items);
                continue;
            }

            await IngestAsync(arrived);
            arrived.Clear();
            await TakeAsync(mail);
        }

        await IngestAsync(arrived);
    }

    private async Task TakeAsync(SessionMail mail)
    {
        try
        {
            if (!lease.IsHeld)
                throw new LeaseLostException();

            switch (mail)
            {
                case SessionMail.Happened happened when happened.Socket is null || happened.Socket == connection.Number:
                    isClaimed |= happened.Event is SessionEvent.Claimed;
                    await ApplyAsync(happened.Event);
                    break;
                case SessionMail.Linked linked when linked.Socket == connection.Number:
                    await LinkAsync(linked.Link);
                    break;
                case SessionMail.Linked:
                    // Another connection took its place: nothing is saved, so the phone must not be told that it is linked.
                    mail.Done?.TrySetCanceled();
                    break;
                case SessionMail.CaughtUp caughtUp when caughtUp.Socket == connection.Number:
                    Ring(await gaps.CaughtUpAsync(Now().At, over.Token));
                    break;
                case SessionMail.Kept kept:
                    Show(kept.Ingested);
                    Hear([kept.Item]);
                    break;
                case SessionMail.Acknowledged acknowledged:
                    await AcknowledgeAsync(acknowledged);
                    break;
                // What people ask waits for the account's turn at the start, which would undo it; after that it is asked for again.
                case SessionMail.Commands when isClaimed:
                    await ObeyAsync();
                    break;
                case SessionMail.Finished finished:
                    await FinishAsync(finished);
                    break;
                case SessionMail.Sweep:
                    await SweepAsync();
                    break;
            }

            mail.Done?.TrySetResult();
        }
        catch (ActorEndedException)
        {
            // What was said is saved; it is what ended this actor.
            mail.Done?.TrySetResult();
            throw;
        }
        catch (Exception failure)
        {
            mail.Done?.TrySetException(failure);
            if (failure is not StorageRefusedException refused)
                throw;

            Log.Refused(tools.Logger, AccountId, refused.Message);
        }
    }

    /// <summary>The connection ends. The true status is saved if this worker may still write; otherwise the next owner does it.</summary>
    private async Task GiveUpAsync()
    {
        var before = state;
        Move(new SessionEvent.LeaseLost());
        connection.Run(new SessionEffect.Stop(Logout: false));
        try
        {
            if (lease.IsHeld)
                await SaveAsync(before, null);
        }
        catch (Exception failure)
        {
            Log.Unsaved(tools.Logger, AccountId, failure.Message);
        }
    }

    private Moment Now() => new(tools.Time.GetUtcNow().ToUnixTimeMilliseconds(), Random.Shared.NextDouble());

    private void Ring(Doorbell? doorbell)
    {
        if (doorbell is not null)
            tools.Hub.Ring(doorbell);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account}: {From} → {To} ({Reason}){Next}")]
        public static partial void Transition(ILogger logger, AccountId account, string from, string to, string reason, string next);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: this worker no longer owns it; nothing more is written or sent.")]
        public static partial void LeaseLost(ILogger logger, AccountId account);

        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: {Sentence}")]
        public static partial void Refused(ILogger logger, AccountId account, string sentence);

        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: the session failed; its lease is given back and taken anew.")]
        public static partial void Surprise(ILogger logger, Exception surprise, AccountId account);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: its last status here is not saved: {Sentence}")]
        public static partial void Unsaved(ILogger logger, AccountId account, string sentence);

        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: a record of kind {Kind} could not become rows and was set aside; it is kept.")]
        public static partial void SetAside(ILogger logger, Exception failure, AccountId account, string kind);
    }
}

/// <summary>Ends an actor from within.</summary>
internal sealed class ActorEndedException(SessionActor.Ending ending) : Exception
{
    public SessionActor.Ending Ending => ending;
}
