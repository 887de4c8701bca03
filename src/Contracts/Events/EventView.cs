using System.Text.Json.Serialization;

namespace RealtimeWa;

[JsonConverter(typeof(SnakeCase<EventKind>))]
public enum EventKind
{
    AccountChanged,
    AccountDeleted,
    SessionChanged,
    ThreadChanged,
    MessageChanged,

    /// <summary>A number whose content this reader may not see.</summary>
    Hidden,
}

/// <summary>One numbered change of one account. Numbers are contiguous per account: 7 after 5 means that 6 was missed.</summary>
public sealed record EventView(AccountId AccountId, long Seq, long At, EventKind Kind, EventBody Body);

/// <summary>The things that changed, each whole, as they are after the change. Applying one twice changes nothing.</summary>
/// <param name="GoneThread">A thread that turned out to be the same person as <paramref name="Thread"/>: its messages are there now.</param>
public sealed record EventBody(
    AccountView? Account = null,
    SessionView? Session = null,
    ThreadView? Thread = null,
    MessageView? Message = null,
    ThreadId? GoneThread = null)
{
    public static EventBody Empty { get; } = new();
}

/// <summary>All that a console needs for its first paint. An account's <c>Seq</c> says from where to listen.</summary>
/// <param name="SystemSeq">The newest number of account 0.</param>
public sealed record Snapshot(long At, long SystemSeq, IReadOnlyList<AccountView> Accounts, IReadOnlyList<ThreadView> Threads);

/// <summary>The newest number of an account that a client has.</summary>
public sealed record Seen(AccountId AccountId, long Seq);

/// <summary>The events after a number; <paramref name="SnapshotNeeded"/> when the log no longer reaches back.</summary>
/// <param name="More">True when the answer was cut and another call gets the rest.</param>
public sealed record CatchUp(AccountId AccountId, IReadOnlyList<EventView> Events, bool More, bool SnapshotNeeded);

/// <summary>Somebody is writing; ephemeral, unnumbered, never a row.</summary>
public sealed record TypingView(AccountId AccountId, ThreadId ThreadId, bool IsComposing);
