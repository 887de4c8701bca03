namespace RealtimeWa;

/// <summary>What waits in an actor's mailbox.</summary>
internal abstract record SessionMail
{
    /// <summary>Completes when what was said is durable; nobody waits when there is none.</summary>
    public TaskCompletionSource? Done { get; init; }

    /// <param name="Socket">The connection that it belongs to; dropped when there is a newer one. Nothing: it belongs to the session.</param>
    public sealed record Happened(SessionEvent Event, int? Socket = null) : SessionMail;

    public sealed record Linked(ProviderEvent.Linked Link, int Socket) : SessionMail;

    public sealed record Arrived(IReadOnlyList<InboundItem> Items) : SessionMail;

    public sealed record Kept(Ingested Ingested, InboundItem Item) : SessionMail;

    /// <summary>What WhatsApp had kept for this connection was handed over and became rows.</summary>
    public sealed record CaughtUp(int Socket) : SessionMail;

    public sealed record Acknowledged(string MessageId, string? Error) : SessionMail;

    /// <summary>There may be command rows, or the account itself changed.</summary>
    public sealed record Commands : SessionMail;

    /// <summary>A command that ran beside the mailbox ended; when it is not done, it is tried again later.</summary>
    public sealed record Finished(long CommandId, string? Error, bool IsDone) : SessionMail;

    /// <summary>Look after what time alone brings: rows that could not be saved, messages without an acknowledgement.</summary>
    public sealed record Sweep : SessionMail;
}
