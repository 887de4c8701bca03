using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <param name="ClientToken">Made once per message by the browser; the same token again is the same message.</param>
public sealed record SendRequest(ThreadId ThreadId, string ClientToken, string Text);

/// <summary>Either the queued message, or why it was refused and a sentence for the person.</summary>
public sealed record SendResult(MessageView? Message, SendRefusal? Refusal, string? Sentence);

[JsonConverter(typeof(SnakeCase<SendRefusal>))]
public enum SendRefusal
{
    NotFound,
    Empty,
    TooLong,
    NotConnected,

    /// <summary>The token belongs to another message.</summary>
    TokenTaken,

    /// <summary>The database refused: nothing was queued.</summary>
    NotStored,
}
