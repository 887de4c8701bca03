using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>A place for one bridge process at a time. One that dies is started again, slower each time that it does not hold.</summary>
internal sealed partial class BridgeSlot(
    BridgeOptions options, BridgeListener listener, Action<BridgeSlot, string?> onDied, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)];
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private Task<BridgeProcess>? current;
    private Task lastWords = Task.CompletedTask;
    private volatile BridgeProcess? live;
    private BridgeRefusedException? lastFailure;
    private long lastFailureAt;
    private int failures;

    public HashSet<AccountId> Accounts { get; } = [];

    /// <summary>The process that runs, or a new one. Throws the last failure's sentence while it is too early to try again.</summary>
    public Task<BridgeProcess> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (current is null)
            {
                if (lastFailure is not null && time.GetElapsedTime(lastFailureAt) < Pauses[Math.Min(failures, Pauses.Length) - 1])
                    return Task.FromException<BridgeProcess>(new BridgeRefusedException(lastFailure.Message) { IsPassing = lastFailure.IsPassing });

                current = StartAsync(lastWords);
            }

            return current.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The process that runs; throws <see cref="ProviderRefusedException"/> when none does.</summary>
    public BridgeProcess Running => live ?? throw new ProviderRefusedException(ProviderRefusal.NotOpen, Reasons.Sentence(ReasonCode.BridgeStopped)!);

    public int? ProcessId => live?.ProcessId;

    /// <summary>A process that does not answer for ten seconds is ended, and so started anew.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (live is not { } running)
            return;

        try
        {
            await running.StatsAsync(cancellationToken).WaitAsync(Answer, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.Hangs(logger, running.ProcessId);
            running.Kill();
        }
        catch (ProviderRefusedException)
        {
            // It ended meanwhile, which is noticed elsewhere.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task? starting;
        lock (gate)
            starting = current;
        if (starting is not null)
            await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (live is { } bridge)
            await bridge.DisposeAsync();
        stopping.Dispose();
    }

    /// <param name="lastWords">What the one before had written is read to its end; until then the new one gets no account.</param>
    private async Task<BridgeProcess> StartAsync(Task lastWords)
    {
        await Task.Yield();
        try
        {
            var bridge = await BridgeProcess.StartAsync(options, listener, logger, time, stopping.Token);
            await lastWords;
            live = bridge;
            _ = WatchAsync(bridge, time.GetTimestamp());
            return bridge;
        }
        catch (BridgeRefusedException refused)
        {
            Failed(refused);
            Log.Refused(logger, refused.Message);
            throw;
        }
    }

    private async Task WatchAsync(BridgeProcess bridge, long startedAt)
    {
        var sentence = await bridge.Ended;
        live = null;
        if (stopping.IsCancellationRequested)
            return;

        Log.Died(logger, bridge.ProcessId);
        lock (gate)
            lastWords = bridge.ReadOutAsync();
        if (time.GetElapsedTime(startedAt) >= Held)
            failures = 0;
        Failed(new BridgeRefusedException(sentence!) { IsPassing = true });
        onDied(this, sentence);
        await lastWords;
        await bridge.DisposeAsync();

        // Its accounts come back in a moment: Node starts meanwhile.
        if (failures == 1 && Accounts.Count > 0)
            await ((Task)GetAsync(stopping.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Failed(BridgeRefusedException failure)
    {
        lock (gate)
        {
            failures++;
            lastFailure = failure;
            lastFailureAt = time.GetTimestamp();
            current = null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The bridge can't run: {Sentence}")]
        public static partial void Refused(ILogger logger, string sentence);

        [LoggerMessage(Level = LogLevel.Error, Message = "Bridge {Pid} does not answer and is ended.")]
        public static partial void Hangs(ILogger logger, int pid);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Pid} died; its accounts come back by themselves.")]
        public static partial void Died(ILogger logger, int pid);
    }
}
