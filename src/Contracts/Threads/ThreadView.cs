namespace RealtimeWa;

/// <param name="Title">The contact's name, or the number, or the group's subject.</param>
/// <param name="Phone">Digits, when it is a person whose number is known.</param>
/// <param name="LastMessageAt">UTC milliseconds; threads are shown newest first.</param>
public sealed record ThreadView(
    ThreadId Id,
    AccountId AccountId,
    string Title,
    string? Phone,
    bool IsGroup,
    long LastMessageAt,
    string? LastText,
    MessageKind LastKind,
    bool LastFromMe,
    MessageStatus LastStatus,
    int Unread);
