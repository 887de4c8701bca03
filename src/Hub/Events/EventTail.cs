using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>
/// Reads what is new in the event log and fans it out, each event once and in order. It looks every 250 ms; a doorbell only makes it
/// look sooner, so that several processes may share one database and a lost doorbell costs a quarter of a second. The database of this
/// process rings it, and so do workers elsewhere. With every third keep-alive it says the newest numbers, after the events that bear
/// them: a browser that lost a frame notices then at the latest.
/// </summary>
internal sealed partial class EventTail(Database database, EventStore events, Fan fan, TimeProvider time, ILogger<EventTail> logger) : BackgroundService
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan NumbersEvery = TimeSpan.FromSeconds(15);

    // Rung again before it has looked, it looks once: one look finds all.
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Dictionary<AccountId, long> seen = [];

    /// <summary>There is something new. Never waits.</summary>
    public void Ring() => bell.Writer.TryWrite(true);

    public override void Dispose()
    {
        database.Bells.Numbered -= Ring;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        database.Bells.Numbered += Ring;
        await using var clock = time.CreateTimer(_ => Ring(), state: null, Every, Every);
        var isStarted = false;
        var said = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isStarted)
                {
                    // What was before this process is in every snapshot that it hands out.
                    seen = new(await events.Heads(stoppingToken));
                    isStarted = true;
                }

                while (await ForwardAsync(stoppingToken) == MostAtOnce)
                {
                    // There is more than one helping.
                }

                if (time.GetElapsedTime(said) >= NumbersEvery)
                {
                    fan.Numbers([.. seen.Select(newest => new Seen(newest.Key, newest.Value))]);
                    said = time.GetTimestamp();
                }
            }
            catch (StorageRefusedException refused)
            {
                Log.CannotRead(logger, refused.Message);
            }

            await bell.Reader.ReadAsync(stoppingToken);
        }
    }

    private async Task<int> ForwardAsync(CancellationToken cancellationToken)
    {
        var fresh = await events.Since(seen, MostAtOnce, cancellationToken);
        if (fresh.Count == 0)
        {
            return 0;
        }

        fan.Changed(fresh);
        foreach (var change in fresh)
        {
            seen[change.AccountId] = change.Seq;
        }

        return fresh.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "New events can't be read: {Reason} It is tried again.")]
        public static partial void CannotRead(ILogger logger, string reason);
    }
}
