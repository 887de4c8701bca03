using System.Collections.Concurrent;

namespace RealtimeWa;

/// <summary>A way to WhatsApp that does what a test says: it opens at once, answers every probe, and is silent otherwise.</summary>
internal sealed class ScriptedProvider(TimeProvider time) : IProvider
{
    private readonly ConcurrentQueue<(AccountId Account, long At)> started = [];
    private int stops;
    private int probes;
    private int forgotten;

    public bool IsReachable { get; set; } = true;

    /// <summary>What becomes of saved records that are handed on again.</summary>
    public Func<Task> OnReplay { get; set; } = static () => Task.CompletedTask;

    /// <summary>What has to happen before a connection is begun.</summary>
    public Func<Task> OnStart { get; set; } = static () => Task.CompletedTask;

    /// <summary>What has to happen before a probe is answered.</summary>
    public Func<Task> OnProbe { get; set; } = static () => Task.CompletedTask;

    public Action<OutgoingMessage> OnPrepare { get; set; } = static _ => { };

    public Func<OutgoingMessage, Task> OnSend { get; set; } = static _ => throw new NotSupportedException();

    /// <summary>What has to happen before a connection is ended.</summary>
    public Func<Task> OnStop { get; set; } = static () => Task.CompletedTask;

    public int Starts => started.Count;

    /// <summary>Which account was started when.</summary>
    public IReadOnlyList<(AccountId Account, long At)> Started => [.. started];

    public int Stops => Volatile.Read(ref stops);

    public int Probes => Volatile.Read(ref probes);

    public int Forgotten => Volatile.Read(ref forgotten);

    /// <summary>Speaks for the newest connection.</summary>
    public ProviderListener Listener { get; private set; } = static (_, _) => Task.CompletedTask;

    public Task SaysAsync(SessionEvent change) => Listener(new ProviderEvent.Changed(change), CancellationToken.None);

    public async Task StartAsync(HeldLease lease, bool fresh, ProviderListener listener, CancellationToken cancellationToken)
    {
        started.Enqueue((lease.AccountId, time.GetUtcNow().ToUnixTimeMilliseconds()));
        await OnStart();
        Listener = listener;
        SessionEvent said = fresh ? new SessionEvent.QrShown(new Secret("2@x"), time.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds())
            : IsReachable ? new SessionEvent.Opened()
            : new SessionEvent.Closed(ReasonCode.NetworkUnreachable);
        _ = listener(new ProviderEvent.Changed(said), CancellationToken.None);
    }

    public Task StopAsync(HeldLease lease, bool logout, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref stops);
        return OnStop();
    }

    public async Task<Proof> ProbeAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref probes);
        await OnProbe();
        return new Proof(TimeSpan.FromMilliseconds(1), Memory: null);
    }

    public Task<Secret> PairCodeAsync(HeldLease lease, Secret phone, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Prepare(HeldLease lease, OutgoingMessage message) => OnPrepare(message);

    public Task SendAsync(HeldLease lease, OutgoingMessage message, CancellationToken cancellationToken) => OnSend(message);

    public Task MarkReadAsync(HeldLease lease, IReadOnlyList<ReadMessage> messages, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReplayAsync(HeldLease lease, IReadOnlyList<InboundRecord> records, CancellationToken cancellationToken) => OnReplay();

    public void Forget(AccountId account) => Interlocked.Increment(ref forgotten);

    public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RenewedAsync(HeldLease lease, CancellationToken cancellationToken) => Task.CompletedTask;
}
