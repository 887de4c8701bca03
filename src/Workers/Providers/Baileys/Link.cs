namespace RealtimeWa;

/// <summary>One connection of one account, from the request for it to its end.</summary>
internal sealed class Link(HeldLease lease, ProviderListener listener)
{
    private volatile bool isStarted;
    private volatile bool isOver;
    private volatile bool storageRefused;

    public HeldLease Lease => lease;

    /// <summary>False before it started, too: what the bridge says until then belongs to the one before.</summary>
    public bool IsLive => isStarted && !isOver;

    public bool IsOver => isOver;

    /// <summary>The database refused a commit, which is why it closes.</summary>
    public bool StorageRefused
    {
        get => storageRefused;
        set => storageRefused = value;
    }

    public void Started() => isStarted = true;

    public void Ended() => isOver = true;

    public Task Say(ProviderEvent said) => listener(said, CancellationToken.None);
}
