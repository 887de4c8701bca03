using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>Records that were saved before they were acknowledged but never became rows: they are handed to the provider again.</summary>
internal sealed partial class Replay(SessionTools tools, HeldLease lease, CancellationToken over)
{
    private const int Page = 200;

    private int running;
    private volatile bool isOwed;

    /// <summary>What was handed on did not become rows, and not because it can't: the records wait for the next sweep, or for the next owner.</summary>
    public void Owe() => isOwed = true;

    public void Wake() => _ = RunAsync();

    public void WakeIfOwed()
    {
        if (isOwed)
            Wake();
    }

    private async Task RunAsync()
    {
        if (Interlocked.Exchange(ref running, 1) == 1)
            return;

        try
        {
            isOwed = false;
            HashSet<string> tried = new(StringComparer.Ordinal);
            while (await tools.Inbound.Pending(lease.AccountId, Page, over) is { Count: > 0 } records)
            {
                if (!isOwed)
                    await SetAsideAsync(records.Where(record => tried.Contains(record.Key)));
                var fresh = records.Where(record => tried.Add(record.Key)).ToArray();
                if (fresh.Length == 0)
                    return;

                Log.Replaying(tools.Logger, lease.AccountId, fresh.Length);
                await tools.Provider.ReplayAsync(lease, fresh, over);
            }
        }
        catch (Exception failure) when (failure is ProviderRefusedException or StorageRefusedException or LeaseLostException or OperationCanceledException)
        {
            isOwed = true;
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    // They were replayed, nothing refused them, and they are still no rows: the next start would find them again, for ever.
    private async Task SetAsideAsync(IEnumerable<InboundRecord> unreadable)
    {
        foreach (var record in unreadable)
        {
            Log.Unreadable(tools.Logger, lease.AccountId, record.Kind);
            await tools.Inbound.Refuse(lease.Fence, record.Key, record.At, "The bridge could not read it; its log has the reason.", over);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account}: {Count} saved records are handed on again.")]
        public static partial void Replaying(ILogger logger, AccountId account, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: a record of kind {Kind} can't be read and was set aside; it is kept.")]
        public static partial void Unreadable(ILogger logger, AccountId account, string kind);
    }
}
