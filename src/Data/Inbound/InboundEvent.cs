using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>A conversation as WhatsApp names it. Phone numbers are digits; <paramref name="Lid"/> is the part before the @.</summary>
public sealed record Chat(string Jid, string? Pn = null, string? Lid = null, bool Group = false, string? Name = null);

/// <summary>Somebody who writes; <paramref name="Name"/> is what the person calls himself.</summary>
public sealed record Person(string? Pn = null, string? Lid = null, string? Name = null);

/// <summary>What happened, in our own words; times are UTC milliseconds. On the wire <c>type</c> says which it is.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageArrived), "message")]
[JsonDerivedType(typeof(PlaceholderArrived), "placeholder")]
[JsonDerivedType(typeof(MessageEdited), "edit")]
[JsonDerivedType(typeof(MessageRevoked), "revoke")]
[JsonDerivedType(typeof(ReactionArrived), "reaction")]
[JsonDerivedType(typeof(ReceiptArrived), "receipt")]
[JsonDerivedType(typeof(TypingArrived), "typing")]
[JsonDerivedType(typeof(ChatNamed), "chat")]
public abstract record InboundEvent(Chat Chat);

public sealed record MessageArrived(
    string Id,
    Chat Chat,
    Person Sender,
    bool FromMe,
    long At,
    MessageKind Kind,
    string? Text = null,
    string? QuotedId = null,
    bool Offline = false,
    bool History = false) : InboundEvent(Chat);

/// <summary>Can't be decrypted yet; the same id arrives later as a message.</summary>
public sealed record PlaceholderArrived(string Id, Chat Chat, Person Sender, bool FromMe, long At) : InboundEvent(Chat);

/// <param name="Id">The message that is changed.</param>
public sealed record MessageEdited(string Id, Chat Chat, Person Sender, bool FromMe, string Text, long At) : InboundEvent(Chat);

public sealed record MessageRevoked(string Id, Chat Chat, Person Sender, bool FromMe, long At) : InboundEvent(Chat);

/// <param name="Emoji">Empty removes the sender's reaction.</param>
public sealed record ReactionArrived(string Id, Chat Chat, Person Sender, bool FromMe, string Emoji, long At) : InboundEvent(Chat);

/// <param name="FromMe">True when our own phone or another linked device says it.</param>
public sealed record ReceiptArrived(
    IReadOnlyList<string> Ids, Chat Chat, Person Sender, ReceiptStatus Status, long At, bool FromMe = false) : InboundEvent(Chat);

public sealed record TypingArrived(Chat Chat, Person Sender, TypingState State) : InboundEvent(Chat);

public sealed record ChatNamed(Chat Chat, string Name) : InboundEvent(Chat);

[JsonConverter(typeof(SnakeCase<ReceiptStatus>))]
public enum ReceiptStatus
{
    Delivered,
    Read,
    Played,
}

[JsonConverter(typeof(SnakeCase<TypingState>))]
public enum TypingState
{
    Composing,
    Paused,
}
