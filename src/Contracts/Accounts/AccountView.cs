namespace RealtimeWa;

/// <param name="InstanceId">The account's stable name in the HTTP contracts.</param>
/// <param name="Phone">Digits of the linked number, or nothing before the first link.</param>
/// <param name="Seq">The number of the account's newest event when this was read.</param>
/// <param name="IsActive">False when a person stopped it.</param>
public sealed record AccountView(
    AccountId Id, string InstanceId, string Label, string? Phone, bool IsActive, long CreatedAt, long Seq, SessionView Session);
