namespace RealtimeWa;

/// <summary>
/// Rung in this process when a write of this process is durable, before its caller hears of it. Who hears one looks into the database,
/// a good deal sooner than its next look round. Other processes are rung over the hub. A listener runs where the write ended and must
/// not wait.
/// </summary>
public sealed class Bells
{
    /// <summary>Something has a new number.</summary>
    public event Action? Numbered;

    /// <summary>A message waits in the outbox of this account.</summary>
    public event Action<AccountId>? OutboxWaits;

    /// <summary>A command waits for this account, or it is a new one.</summary>
    public event Action<AccountId>? CommandWaits;

    internal void Ring(Rings rings)
    {
        if (rings.IsNumbered)
        {
            Numbered?.Invoke();
        }

        foreach (var account in rings.Outbox)
        {
            OutboxWaits?.Invoke(account);
        }

        foreach (var account in rings.Commands)
        {
            CommandWaits?.Invoke(account);
        }

        rings.Clear();
    }
}

/// <summary>What a transaction rings once it is durable. One that was undone may ring for nothing: whoever hears it looks.</summary>
internal sealed class Rings
{
    public bool IsNumbered { get; set; }

    public HashSet<AccountId> Outbox { get; } = [];

    public HashSet<AccountId> Commands { get; } = [];

    public void Clear()
    {
        IsNumbered = false;
        Outbox.Clear();
        Commands.Clear();
    }
}
