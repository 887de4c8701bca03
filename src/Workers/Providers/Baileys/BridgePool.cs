using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>The bridges of this worker: each account has its place in one of them, and keeps it.</summary>
internal sealed class BridgePool(BridgeOptions options, BridgeListener listener, Action<AccountId, string?> onDied, ILogger logger, TimeProvider time)
    : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<BridgeSlot> slots = [];
    private readonly Dictionary<AccountId, BridgeSlot> places = [];

    public BridgeSlot Place(AccountId account)
    {
        lock (gate)
        {
            if (places.TryGetValue(account, out var place))
                return place;

            var slot = slots.Find(each => each.Accounts.Count < options.AccountsPerProcess);
            if (slot is null)
            {
                slot = new BridgeSlot(options, listener, Died, logger, time);
                slots.Add(slot);
            }

            slot.Accounts.Add(account);
            places.Add(account, slot);
            return slot;
        }
    }

    /// <summary>The account's place if it has one.</summary>
    public BridgeSlot? Find(AccountId account)
    {
        lock (gate)
            return places.GetValueOrDefault(account);
    }

    /// <summary>The account went to another worker or is gone.</summary>
    public void Leave(AccountId account)
    {
        lock (gate)
        {
            if (places.Remove(account, out var slot))
                slot.Accounts.Remove(account);
        }
    }

    public Task CheckAsync(CancellationToken cancellationToken) => Task.WhenAll(All().Select(slot => slot.CheckAsync(cancellationToken)));

    public async ValueTask DisposeAsync() => await Task.WhenAll(All().Select(slot => slot.DisposeAsync().AsTask()));

    private BridgeSlot[] All()
    {
        lock (gate)
            return [.. slots];
    }

    private void Died(BridgeSlot slot, string? sentence)
    {
        AccountId[] accounts;
        lock (gate)
            accounts = [.. slot.Accounts];

        foreach (var account in accounts)
            onDied(account, sentence);
    }
}
