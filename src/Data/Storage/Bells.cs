namespace RealtimeWa;

/// <summary>
/// Rung in this process when a write of this process is durable, before its caller hears of it (but for one, see there). Who hears one looks into the database,
/// a good deal sooner than its next look round. Other processes are rung over the hub. A listener runs where the write ended and must
/// not wait.
/// </summary>
public sealed class Bells
{
    /// <summary>Something has a new number.</summary>
    public event Action? Numbered;

    /// <summary>
    /// A message is about to be queued, and not durable yet: whoever can prepare for it may, but nothing of it leaves before the outbox
    /// rings. It may never be.
    /// </summary>
    public event Action<AccountId, Draft>? MessageComes;

    /// <summary>A message waits in the outbox of this account.</summary>
    public event Action<AccountId>? OutboxWaits;

    /// <summary>A command waits for this account, or it is a new one.</summary>
    public event Action<AccountId>? CommandWaits;

    internal void Announce(AccountId account, Draft draft) => MessageComes?.Invoke(account, draft);

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
