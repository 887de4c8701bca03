using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>
/// Writes one account's waiting messages to WhatsApp, oldest first, one at a time: so each conversation keeps its order. A message keeps
/// its id through every attempt, which makes a second writing harmless.
/// </summary>
internal sealed partial class OutboxPump
{
    private const int Page = 50;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60)];

    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, long> unacknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<MessageId, int> attempts = [];
    private readonly SessionTools tools;
    private readonly HeldLease lease;
    private readonly SessionActor actor;
    private volatile bool isWriting;

    public OutboxPump(SessionTools tools, HeldLease lease, SessionActor actor, CancellationToken over)
    {
        this.tools = tools;
        this.lease = lease;
        this.actor = actor;
        Ended = RunAsync(over);
    }

    public Task Ended { get; }

    /// <summary>A message is about to be queued. Behind others it would only hold them up.</summary>
    public void Prepare(Draft draft)
    {
        if (actor.IsConnected && lease.IsHeld && !isWriting)
            tools.Provider.Prepare(lease, new OutgoingMessage(draft.WaId, draft.ChatJid, draft.Content));
    }

    public void Wake() => bell.Writer.TryWrite(true);

    public void Acknowledged(string messageId) => unacknowledged.TryRemove(messageId, out _);

    /// <summary>Something was written before this (UTC milliseconds) and is not acknowledged.</summary>
    public bool AwaitsSince(long before) => unacknowledged.Values.Any(at => at <= before);

    /// <summary>What was written until this (UTC milliseconds) is done or due again: what is written again is awaited again.</summary>
    public void ForgetAwaited(long before)
    {
        foreach (var written in unacknowledged)
        {
            if (written.Value <= before)
                unacknowledged.TryRemove(written);
        }
    }

    /// <summary>What was written until this (UTC milliseconds) may be due again, or be on its way just now, so its acknowledgement is awaited from now on.</summary>
    public void AwaitAnew(long before)
    {
        foreach (var (messageId, at) in unacknowledged)
        {
            if (at <= before)
                unacknowledged.TryUpdate(messageId, Now(), at);
        }
    }

    private async Task RunAsync(CancellationToken over)
    {
        await Task.Yield();
        await foreach (var _ in bell.Reader.ReadAllAsync(over))
        {
            isWriting = true;
            try
            {
                while (actor.IsConnected && await tools.Outbox.Due(lease.Fence, Page, over) is { Count: > 0 } due)
                {
                    if (!await WriteAsync(due, over))
                        break;
                }
            }
            catch (LeaseLostException)
            {
                actor.Post(new SessionEvent.LeaseLost());
                return;
            }
            catch (StorageRefusedException refused)
            {
                // The sweep comes again.
                Log.Storage(tools.Logger, lease.AccountId, refused.Message);
            }
            finally
            {
                isWriting = false;
            }
        }
    }

    /// <summary>False when there is no use in going on now.</summary>
    private async Task<bool> WriteAsync(IReadOnlyList<OutboxItem> due, CancellationToken over)
    {
        HashSet<ThreadId> held = [];
        foreach (var item in due)
        {
            if (!actor.IsConnected)
                return false;
            if (held.Contains(item.ThreadId))
                continue;

            try
            {
                unacknowledged[item.WaId] = Now();
                await tools.Provider.SendAsync(lease, new OutgoingMessage(item.WaId, item.ChatJid, item.Content), over);
                attempts.Remove(item.MessageId);
                Ring(await tools.Outbox.MarkWritten(lease.Fence, item.MessageId, over));
            }
            catch (ProviderRefusedException refused) when (refused.IsFinal)
            {
                unacknowledged.TryRemove(item.WaId, out _);
                Ring(await tools.Outbox.MarkFailed(lease.Fence, item.MessageId, refused.Message, over));
            }
            catch (ProviderRefusedException refused) when (refused.Refusal is ProviderRefusal.Timeout)
            {
                // The others of this conversation wait behind it; other conversations go on.
                held.Add(item.ThreadId);
                await RetryAsync(item, refused.Message, over);
            }
            catch (ProviderRefusedException)
            {
                return false;
            }
        }

        return true;
    }

    private async Task RetryAsync(OutboxItem item, string sentence, CancellationToken over)
    {
        unacknowledged.TryRemove(item.WaId, out _);
        var attempt = attempts[item.MessageId] = attempts.GetValueOrDefault(item.MessageId) + 1;
        var at = Now() + (long)Pauses[Math.Min(attempt, Pauses.Length) - 1].TotalMilliseconds;
        await tools.Outbox.Retry(lease.Fence, item.MessageId, at, sentence, over);
    }

    private long Now() => tools.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Ring(Doorbell? doorbell)
    {
        if (doorbell is not null)
            tools.Hub.Ring(doorbell);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: the outbox waits, because {Sentence}")]
        public static partial void Storage(ILogger logger, AccountId account, string sentence);
    }
}
