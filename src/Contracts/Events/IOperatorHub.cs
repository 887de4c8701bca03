namespace RealtimeWa;

/// <summary>What a browser may ask. Every method answers only for what the operator may see; absent and forbidden answer the same.</summary>
public interface IOperatorHub
{
    /// <summary>A connection is in its groups before its first call is answered: nothing falls between.</summary>
    Task<Snapshot> Snapshot();

    /// <summary>What came after what was seen, for every account that the reader may see and names; the first call of every connection.</summary>
    Task<IReadOnlyList<CatchUp>> CatchUpAll(IReadOnlyList<Seen> seen);

    /// <summary>Events of one account after <paramref name="after"/>, at most 500.</summary>
    Task<CatchUp> CatchUp(AccountId accountId, long after);

    /// <summary>Older threads of all accounts, newest first, before a place; at most 100.</summary>
    Task<IReadOnlyList<ThreadView>> Threads(long beforeAt, ThreadId beforeId);

    /// <summary>One thread, for a link to one that the snapshot does not reach.</summary>
    Task<ThreadView?> Thread(ThreadId threadId);

    /// <summary>The newest page of a thread, or the one before a cursor; at most 50 messages; nothing when there is no such thread.</summary>
    Task<MessagePage?> Messages(ThreadId threadId, MessageCursor? before);

    /// <summary>Queues a text; it is a row with a number when this returns.</summary>
    Task<SendResult> Send(SendRequest request);

    /// <summary>Sets the unread count to 0 and tells WhatsApp that what is shown was read.</summary>
    Task MarkRead(ThreadId threadId, MessageId upTo);

    /// <summary>The QR or pairing code shown now; for Managers and Admins, otherwise and when there is none: nothing.</summary>
    Task<QrView?> Qr(AccountId accountId);

    /// <summary>The newest of its history, at most 100 of each kind; for Managers and Admins, otherwise and when there is no such account: nothing.</summary>
    Task<AccountHistory?> History(AccountId accountId);

    /// <summary>For Admins.</summary>
    Task<AccountResult> AddAccount(string label);

    /// <summary>For Admins.</summary>
    Task<AccountResult> Relabel(AccountId accountId, string label);

    /// <summary>Starts pairing by QR, or shows a new one; for Managers and Admins.</summary>
    Task<AccountResult> Pair(AccountId accountId);

    /// <summary>Starts pairing by a code to type into the phone of this number; for Managers and Admins.</summary>
    Task<AccountResult> PairByCode(AccountId accountId, string phone);

    /// <summary>For Managers and Admins.</summary>
    Task<AccountResult> Reconnect(AccountId accountId);

    /// <summary>For Managers and Admins.</summary>
    Task<AccountResult> Stop(AccountId accountId);

    /// <summary>Unlinks the number and removes what was kept of it; for Admins.</summary>
    Task<AccountResult> Delete(AccountId accountId);
}

/// <summary>What the hub tells a browser.</summary>
public interface IOperatorClient
{
    /// <summary>Changes in order of their numbers, several at once when they came together.</summary>
    Task Changed(IReadOnlyList<EventView> events);

    /// <summary>Every 15 s the newest number of every account; their events were sent before, so a higher one than is known here was lost.</summary>
    Task Numbers(IReadOnlyList<Seen> newest);

    Task Typing(TypingView typing);
}
