using System.Text.Json.Serialization;

namespace RealtimeWa;

[JsonConverter(typeof(SnakeCase<MessageKind>))]
public enum MessageKind
{
    Text,
    Image,
    Video,
    Audio,
    Document,
    Sticker,
    Contact,
    Location,
    Poll,

    /// <summary>Could not be decrypted yet; replaced when it arrives.</summary>
    Placeholder,

    /// <summary>A kind that this version does not show.</summary>
    Unsupported,
}

/// <summary>From queued to read, only forward; <see cref="Received"/> for what others wrote.</summary>
[JsonConverter(typeof(SnakeCase<MessageStatus>))]
public enum MessageStatus
{
    Received,
    Queued,

    /// <summary>Written to the socket; WhatsApp has not acknowledged it yet.</summary>
    Sending,

    /// <summary>Acknowledged by WhatsApp's server.</summary>
    Sent,
    Delivered,
    Read,
    Played,

    /// <summary>Refused for good; the error says why.</summary>
    Failed,

    /// <summary>Whether it arrived can't be known now; it is reconciled, never silently doubled.</summary>
    Unknown,
}

/// <summary>A message as a console shows it, always whole: an event about it replaces what was shown before.</summary>
/// <param name="WaId">WhatsApp's id, fixed when the message is queued.</param>
/// <param name="At">UTC milliseconds of WhatsApp's clock; for own messages the moment of queueing.</param>
/// <param name="Seq">The number of the event that last changed it.</param>
/// <param name="ClientToken">The sender's own token, so that its bubble becomes final through the event.</param>
/// <param name="Operator">Who wrote it here; nothing when it was written on the phone.</param>
public sealed record MessageView(
    MessageId Id,
    ThreadId ThreadId,
    AccountId AccountId,
    string WaId,
    bool FromMe,
    string? Sender,
    MessageKind Kind,
    string? Text,
    long At,
    MessageStatus Status,
    string? Error,
    long Seq,
    long? EditedAt,
    bool IsRevoked,
    string? QuotedWaId,
    string? ClientToken,
    string? Operator,
    IReadOnlyList<ReactionView> Reactions);

public sealed record ReactionView(string Emoji, bool FromMe, string? Sender);

/// <summary>A page of a thread, oldest first, and the thread's account as of <paramref name="Seq"/>.</summary>
/// <param name="Before">Give it back to get the page before; nothing at the start of the thread.</param>
public sealed record MessagePage(ThreadId ThreadId, AccountId AccountId, long Seq, IReadOnlyList<MessageView> Messages, MessageCursor? Before);

/// <summary>A place in a thread: messages are ordered by time, then id.</summary>
public sealed record MessageCursor(long At, MessageId Id);
