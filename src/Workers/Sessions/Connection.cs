using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>
/// The actor's hands: what its effects ask of the provider runs here, in order, and ends as an event in its mailbox. Every start and
/// stop has a number; what an older connection still says is dropped by it.
/// </summary>
internal sealed partial class Connection(SessionTools tools, HeldLease lease, SessionActor actor) : IAsyncDisposable
{
    private const long PairCodeLife = 160_000;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private CancellationTokenSource current = new();
    private Task last = Task.CompletedTask;
    private int number;

    /// <summary>The connection that counts now.</summary>
    public int Number => Volatile.Read(ref number);

    public void Run(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Start start:
                Renew();
                last = StartAsync(last, start.Fresh, Number, current.Token);
                break;
            case SessionEffect.Stop stop:
                Renew();
                last = StopAsync(last, stop.Logout);
                break;
            case SessionEffect.Probe:
                _ = ProbeAsync(Number, current.Token);
                break;
            case SessionEffect.RequestPairCode request:
                _ = PairAsync(request.Phone, Number, current.Token);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect, "An effect that is none of a connection.");
        }
    }

    /// <summary>What was asked so far is done, or given up.</summary>
    public Task SettledAsync() => last;

    public async ValueTask DisposeAsync()
    {
        await current.CancelAsync();
        await last;
        current.Dispose();
    }

    private void Renew()
    {
        var before = current;
        current = new CancellationTokenSource();
        Interlocked.Increment(ref number);
        before.Cancel();
        before.Dispose();
    }

    private async Task StartAsync(Task before, bool fresh, int socket, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            await tools.Provider.StartAsync(lease, fresh, (said, cancel) => HearAsync(said, socket), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A stop or a newer start came.
        }
        catch (ProviderRefusedException refused)
        {
            actor.Post(
                refused.Refusal switch
                {
                    ProviderRefusal.LeaseLost => new SessionEvent.LeaseLost(),
                    ProviderRefusal.CannotRun => new SessionEvent.StartFailed(refused.Message, ReasonCode.BridgeRefused),
                    _ => new SessionEvent.StartFailed(refused.Message),
                },
                socket);
        }
        catch (StorageRefusedException refused)
        {
            actor.Post(
                refused.IsOfKeys ? new SessionEvent.KeysUnreadable(refused.Message) : new SessionEvent.Closed(ReasonCode.StorageRefused, refused.Message),
                socket);
        }
        catch (Exception surprise)
        {
            Log.Surprise(tools.Logger, surprise, lease.AccountId);
            actor.Post(new SessionEvent.StartFailed(Reasons.Sentence(ReasonCode.Unknown)!), socket);
        }
    }

    private async Task StopAsync(Task before, bool logout)
    {
        await before;
        using var late = new CancellationTokenSource(StopTimeout, tools.Time);
        try
        {
            await tools.Provider.StopAsync(lease, logout, late.Token);
        }
        catch (Exception failure) when (failure is ProviderRefusedException or OperationCanceledException)
        {
            // Not there any more, or it hangs: the next start takes its place, and its lease ends without us.
        }
    }

    private async Task ProbeAsync(int socket, CancellationToken cancellationToken)
    {
        try
        {
            var proof = await tools.Provider.ProbeAsync(lease, cancellationToken).WaitAsync(tools.Options.ProbeTimeout, tools.Time, cancellationToken);
            actor.Post(new SessionEvent.ProbeAnswered(proof.Memory), socket);
        }
        catch (OperationCanceledException)
        {
            // The connection that was asked is no more.
        }
        catch (Exception failure) when (failure is ProviderRefusedException or TimeoutException)
        {
            actor.Post(
                failure is ProviderRefusedException { Refusal: ProviderRefusal.LeaseLost } ? new SessionEvent.LeaseLost() : new SessionEvent.ProbeFailed(), socket);
        }
    }

    private async Task PairAsync(Secret phone, int socket, CancellationToken cancellationToken)
    {
        try
        {
            var code = await tools.Provider.PairCodeAsync(lease, phone, cancellationToken);
            var now = tools.Time.GetUtcNow().ToUnixTimeMilliseconds();
            actor.Post(new SessionEvent.PairCodeShown(code, now + PairCodeLife), socket);
        }
        catch (OperationCanceledException)
        {
            // The link was given up.
        }
        catch (ProviderRefusedException refused)
        {
            actor.Post(new SessionEvent.PairRefused(ReasonCode.Unknown, refused.Message), socket);
        }
    }

    /// <summary>What the provider says goes into the mailbox at once, in its order; it waits there until it is a row.</summary>
    private Task HearAsync(ProviderEvent said, int socket) => actor.SayAsync(said switch
    {
        ProviderEvent.Changed changed => new SessionMail.Happened(changed.Event, socket),
        ProviderEvent.Linked linked => new SessionMail.Linked(linked, socket),
        ProviderEvent.Arrived arrived => new SessionMail.Arrived(arrived.Items),
        ProviderEvent.Kept kept => new SessionMail.Kept(kept.Ingested, kept.Item),
        ProviderEvent.CaughtUp => new SessionMail.CaughtUp(socket),
        ProviderEvent.Acknowledged acknowledged => new SessionMail.Acknowledged(acknowledged.MessageId, acknowledged.Error),
        _ => throw new ArgumentOutOfRangeException(nameof(said), said, "An event of no known kind."),
    });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: its connection could not be started.")]
        public static partial void Surprise(ILogger logger, Exception surprise, AccountId account);
    }
}
