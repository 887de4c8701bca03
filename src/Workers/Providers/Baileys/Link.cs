namespace RealtimeWa;

/// <summary>One connection of one account, from the request for it to its end.</summary>
internal sealed class Link(HeldLease lease, ProviderListener listener)
{
    private volatile bool isStarted;
    private volatile bool isOver;
    private volatile bool storageRefused;
    private Task saving = Task.CompletedTask;

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

    /// <summary>On the reading thread alone.</summary>
    public void Saves(Task commit) => Volatile.Write(ref saving, saving.IsCompleted ? commit : Task.WhenAll(saving, commit));

    /// <summary>What it asked to save so far is saved, or refused.</summary>
    public Task SettledAsync() => Volatile.Read(ref saving);

    public Task Say(ProviderEvent said) => listener(said, CancellationToken.None);
}
