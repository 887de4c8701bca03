using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>What became of one account's session lately. Each list has its newest first. Times are UTC milliseconds.</summary>
public sealed record AccountHistory(
    IReadOnlyList<TransitionView> Transitions, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<GapView> Gaps);

/// <summary>A change of status or reason.</summary>
/// <param name="Detail">What the reason leaves open: <see cref="AskedByPerson"/>, or a sentence without secrets.</param>
public sealed record TransitionView(long At, SessionStatus From, SessionStatus To, ReasonCode Reason, string? Detail)
{
    public const string AskedByPerson = "asked_by_person";
}

/// <summary>One try to get a session back.</summary>
/// <param name="Cause">Why it was needed.</param>
/// <param name="IsTeardown">An open socket was given up for it because its probe failed; these are limited per hour.</param>
/// <param name="EndedAt">Nothing while it runs.</param>
/// <param name="EndReason">Why it failed; nothing while it runs or when it succeeded.</param>
public sealed record AttemptView(long At, ReasonCode Cause, bool IsTeardown, long? EndedAt, AttemptOutcome Outcome, ReasonCode? EndReason);

[JsonConverter(typeof(SnakeCase<AttemptOutcome>))]
public enum AttemptOutcome
{
    Running,

    /// <summary>A probe was answered.</summary>
    Connected,

    Failed,

    /// <summary>A person or another worker put an end to it, or the program stopped.</summary>
    Abandoned,
}

/// <summary>A time without connection, and what WhatsApp had kept of it.</summary>
/// <param name="To">When a probe was answered again; nothing while it lasts.</param>
/// <param name="Repaired">Messages that were sent meanwhile and are here now.</param>
/// <param name="Unknown">Messages that came but could not be read; they stand as placeholders in their threads.</param>
public sealed record GapView(long From, long? To, ReasonCode Reason, int Repaired, int Unknown);
