using System.Collections.Immutable;

namespace RealtimeWa;

/// <summary>All that the machine remembers of one session.</summary>
/// <param name="View">What people see; it is a row.</param>
/// <param name="Linked">Keys of a linked phone are saved.</param>
/// <param name="Wanted">It shall be connected whenever it can; false once a person stopped it.</param>
/// <param name="Fresh">The running socket makes a new link; the saved keys stay as they are until it succeeds.</param>
/// <param name="Verdict">Why it waits for a person; attempts by itself would be wrong. <see cref="ReasonCode.None"/> otherwise.</param>
/// <param name="Streak">Attempts since it was last connected for a minute.</param>
/// <param name="Deadline">When what runs now has to have ended, UTC milliseconds.</param>
/// <param name="PairPhone">Digits of the phone that types a code; nothing when a QR is scanned.</param>
/// <param name="Teardowns">When open sockets were given up because a probe failed, UTC milliseconds.</param>
public sealed record SessionState(
    SessionView View,
    SessionPhase Phase,
    bool Linked,
    bool Wanted,
    bool Fresh,
    ReasonCode Verdict,
    int Streak,
    long? Deadline,
    Secret? Qr,
    Secret? PairCode,
    Secret? PairPhone,
    ImmutableArray<long> Teardowns)
{
    /// <summary>The try to get back that runs now; it begins before its socket does when another socket had to be given up for it.</summary>
    public RecoveryAttempt? Attempt { get; init; }

    /// <summary>When the actor hands in <see cref="SessionEvent.DeadlineReached"/> next: a notice's end counts, too.</summary>
    public long? WakeAt => View.Notices.Select(notice => notice.Until).Append(Deadline).Min();

    /// <summary>Something runs at the provider.</summary>
    public bool HasSocket => Phase is not (SessionPhase.Idle or SessionPhase.Waiting);

    public bool IsPairing => Phase is SessionPhase.Scanning || (Phase is SessionPhase.Starting && Fresh);

    /// <summary>The state of a session as its row says, before anything runs.</summary>
    /// <param name="teardowns">Those of the last hour, whoever did them.</param>
    public static SessionState Of(SessionView view, params IEnumerable<long> teardowns) => new(
        view,
        SessionPhase.Idle,
        Linked: false,
        Wanted: false,
        Fresh: false,
        view.Status is SessionStatus.Error ? view.Reason : ReasonCode.None,
        Streak: 0,
        Deadline: null,
        Qr: null,
        PairCode: null,
        PairPhone: null,
        [.. teardowns]);
}
