namespace RealtimeWa;

/// <summary>What a worker tells the hub: doorbells. The truth is in the database already.</summary>
public interface IWorkerHub
{
    /// <summary>The first call. The answer is a refusal's sentence, or nothing when welcome.</summary>
    Task<string?> Hello(WorkerHello hello);

    /// <summary>There are new events of these accounts.</summary>
    Task Rang(IReadOnlyList<Doorbell> doorbells);

    Task Typing(TypingView typing);
}

/// <summary>What the hub tells a worker: doorbells, too.</summary>
public interface IWorkerClient
{
    /// <summary>A row waits in the outbox of this account.</summary>
    Task OutboxWaiting(AccountId accountId);

    /// <summary>A command row waits for this account, or the account itself changed.</summary>
    Task CommandWaiting(AccountId accountId);
}

/// <param name="WorkerId">Unique per start of a worker.</param>
/// <param name="Protocol">Must be <see cref="WorkerProtocol.Version"/>.</param>
public sealed record WorkerHello(string WorkerId, int Protocol);

/// <param name="Seq">The number of the newest event.</param>
public sealed record Doorbell(AccountId AccountId, long Seq);

public static class WorkerProtocol
{
    public const int Version = 1;
}
