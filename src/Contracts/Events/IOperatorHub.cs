namespace RealtimeWa;

/// <summary>What a browser may ask. Every method answers only for what the operator may see; absent and forbidden answer the same.</summary>
public interface IOperatorHub
{
    /// <summary>Joins the groups first, then reads: nothing falls between.</summary>
    Task<Snapshot> Snapshot();

    /// <summary>Events of one account after <paramref name="after"/>, at most 500.</summary>
    Task<CatchUp> CatchUp(AccountId accountId, long after);

    /// <summary>Older threads of all accounts, newest first, before a place; at most 100.</summary>
    Task<IReadOnlyList<ThreadView>> Threads(long beforeAt, ThreadId beforeId);

    /// <summary>The newest page of a thread, or the one before a cursor; at most 50 messages; nothing when there is no such thread.</summary>
    Task<MessagePage?> Messages(ThreadId threadId, MessageCursor? before);

    /// <summary>Queues a text; it is a row with a number when this returns.</summary>
    Task<SendResult> Send(SendRequest request);

    /// <summary>Sets the unread count to 0 and tells WhatsApp that what is shown was read.</summary>
    Task MarkRead(ThreadId threadId, MessageId upTo);

    /// <summary>The QR or pairing code shown now; for Managers and Admins, otherwise and when there is none: nothing.</summary>
    Task<QrView?> Qr(AccountId accountId);
}

/// <summary>What the hub tells a browser.</summary>
public interface IOperatorClient
{
    /// <summary>Changes in order of their numbers, several at once when they came together.</summary>
    Task Changed(IReadOnlyList<EventView> events);

    Task Typing(TypingView typing);
}
