namespace RealtimeWa;

/// <summary>What can happen to a session. Events of a socket that was given up never get here: the actor drops them.</summary>
public abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    /// <summary>This worker owns the account from now on.</summary>
    /// <param name="Linked">Keys of a linked phone are saved.</param>
    /// <param name="Wanted">Active, and to be connected by itself.</param>
    public sealed record Claimed(bool Linked, bool Wanted) : SessionEvent;

    /// <summary>This worker owns the account and connects it in a while: what the row says of a connection, a worker left that died.</summary>
    public sealed record Taken : SessionEvent;

    /// <summary>The saved keys can't be read here, so nothing can be started with them.</summary>
    public sealed record KeysUnreadable(string Sentence) : SessionEvent;

    public sealed record LeaseLost : SessionEvent;

    /// <summary>The process ends in good order.</summary>
    public sealed record WorkerStopping : SessionEvent;

    /// <summary>A person wants it connected.</summary>
    public sealed record Connect : SessionEvent;

    /// <summary>A person wants it connected anew, even if it looks connected.</summary>
    public sealed record Reconnect : SessionEvent;

    public sealed record Stop : SessionEvent;

    /// <summary>A person wants to link a phone: by QR, or by a code for this phone.</summary>
    public sealed record Pair(Secret? Phone) : SessionEvent;

    public sealed record Delete : SessionEvent;

    /// <summary>Another account was linked to the same number later.</summary>
    public sealed record Superseded : SessionEvent;

    public sealed record QrShown(Secret Qr, long ExpiresAt) : SessionEvent;

    public sealed record PairCodeShown(Secret Code, long ExpiresAt) : SessionEvent;

    /// <summary>No code, or a phone that can't be linked here.</summary>
    public sealed record PairRefused(ReasonCode Reason, string Sentence) : SessionEvent;

    /// <summary>The phone accepted and the new keys are saved.</summary>
    public sealed record Paired : SessionEvent;

    public sealed record Opened : SessionEvent;

    /// <summary>The socket ended by itself.</summary>
    /// <param name="Sentence">For a cause whose own sentence is too general.</param>
    public sealed record Closed(ReasonCode Cause, string? Sentence = null) : SessionEvent;

    /// <summary>The provider could not start the socket.</summary>
    /// <param name="Reason">Whether it stopped, or can't run here at all.</param>
    public sealed record StartFailed(string Sentence, ReasonCode Reason = ReasonCode.BridgeStopped) : SessionEvent;

    public sealed record BridgeDied(string? Sentence = null) : SessionEvent;

    /// <summary>A poll wants to know whether the socket still answers.</summary>
    public sealed record ProbeDue : SessionEvent;

    /// <param name="BridgeMemory">Bytes that the process behind the connection holds, if there is one.</param>
    public sealed record ProbeAnswered(long? BridgeMemory = null) : SessionEvent;

    public sealed record ProbeFailed : SessionEvent;

    public sealed record DeadlineReached : SessionEvent;

    /// <summary>WhatsApp sent something through the socket.</summary>
    public sealed record Heard : SessionEvent;

    public sealed record MessageSeen(long At) : SessionEvent;

    public sealed record Noticed(NoticeView Notice) : SessionEvent;

    /// <summary>What a notice said is no longer so, or never was.</summary>
    public sealed record NoticeOver(string Kind) : SessionEvent;
}
