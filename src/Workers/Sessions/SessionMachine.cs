namespace RealtimeWa;

/// <summary>The life of a session as a pure function: no clock, no IO, no logger. <c>docs/session-states.md</c> is printed from it.</summary>
public static partial class SessionMachine
{
    /// <summary>A session that is connecting becomes disconnected after this, and a new link without a first QR ends.</summary>
    public const long ConnectTimeout = 60_000;

    /// <summary>How long a new link without a valid QR waits for the provider's next one.</summary>
    public const long NextQrTimeout = 30_000;

    /// <summary>A connection that held this long begins again with the shortest delay when it is lost.</summary>
    public const long Stable = 60_000;

    /// <summary>Attempts in a row that a server's wish for a restart may start at once.</summary>
    public const int RestartsAtOnce = 4;

    public const int TeardownsPerHour = 3;

    private const long Hour = 3_600_000;

    private static readonly IReadOnlyList<SessionEffect> Nothing = [];

    public static (SessionState State, IReadOnlyList<SessionEffect> Effects) Next(SessionState state, SessionEvent change, Moment now)
    {
        var (next, effects) = change switch
        {
            SessionEvent.Claimed claimed => OnClaimed(state, claimed, now),
            SessionEvent.Taken => OnTaken(state, now),
            SessionEvent.LeaseLost => OnLeaseLost(state, now),
            SessionEvent.WorkerStopping => Leave(state, ReasonCode.WorkerStopped, now),
            SessionEvent.Connect => OnConnect(state, now),
            SessionEvent.Reconnect => OnReconnect(state, now),
            SessionEvent.Stop => OnStop(state, now),
            SessionEvent.Pair pair => OnPair(state, pair.Phone, now),
            SessionEvent.Delete => OnDelete(state, now),
            SessionEvent.Superseded => Fail(state, ReasonCode.DuplicateNumber, null, now, LogOut(state)),
            SessionEvent.QrShown shown => OnQrShown(state, shown, now),
            SessionEvent.PairCodeShown shown => OnPairCodeShown(state, shown),
            SessionEvent.PairRefused refused => state.IsPairing
                ? EndPairing(state, refused.Reason, refused.Sentence, now, StopSocket(state))
                : (state, Nothing),
            SessionEvent.KeysUnreadable unreadable => Fail(state, ReasonCode.StorageRefused, unreadable.Sentence, now, StopSocket(state)),
            SessionEvent.Paired => OnPaired(state, now),
            SessionEvent.Opened => OnOpened(state, now),
            SessionEvent.Closed closed => OnClosed(state, closed.Cause, closed.Sentence, now),
            SessionEvent.StartFailed failed => OnClosed(state, failed.Reason, failed.Sentence, now),
            SessionEvent.BridgeDied died => OnClosed(state, ReasonCode.BridgeStopped, died.Sentence, now),
            SessionEvent.ProbeDue => (state, state.Phase is SessionPhase.Proven ? [new SessionEffect.Probe()] : Nothing),
            SessionEvent.ProbeAnswered answered => OnProbeAnswered(state, answered.BridgeMemory, now),
            SessionEvent.ProbeFailed => OnProbeFailed(state, now),
            SessionEvent.DeadlineReached => OnDeadline(WithoutPastNotices(state, now), now),
            SessionEvent.Heard => (state with { View = state.View with { LastEventAt = now.At } }, Nothing),
            SessionEvent.MessageSeen seen => (state with { View = state.View with { LastMessageAt = Later(state.View.LastMessageAt, seen.At) } }, Nothing),
            SessionEvent.Noticed noticed => (OnNoticed(state, noticed.Notice, now), Nothing),
            SessionEvent.NoticeOver over => (WithNotices(state, notice => !Is(notice, over.Kind)), Nothing),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "An event that the machine does not know."),
        };

        return next == state ? (state, effects) : (next with { View = next.View with { UpdatedAt = now.At } }, effects);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnClaimed(SessionState state, SessionEvent.Claimed claimed, Moment now)
    {
        state = WithoutPastNotices(state, now) with { Linked = claimed.Linked, Wanted = claimed.Wanted, Phase = SessionPhase.Idle, Deadline = null };
        if (state.View.Status is SessionStatus.Error)
            return (state, Nothing);

        if (claimed is { Linked: true, Wanted: true })
            return Begin(state, ReasonCode.Resuming, now, Nothing);

        if (claimed.Linked)
            return Rest(state, SessionStatus.Disconnected, ReasonCode.StoppedByPerson, null, now, Nothing);

        var reason = state.View.Status is SessionStatus.QrRequired ? ReasonCode.QrExpired : ReasonCode.NeverLinked;
        return Rest(state, SessionStatus.Init, state.View.Status is SessionStatus.Init ? state.View.Reason : reason, null, now, Nothing);
    }

    /// <summary>A row that tells of a connection while none runs was left by a worker that died.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnTaken(SessionState state, Moment now) =>
        state is { HasSocket: false, View.Status: SessionStatus.Connected or SessionStatus.Connecting }
            ? Rest(state, SessionStatus.Disconnected, ReasonCode.WorkerStopped, null, now, Nothing)
            : (state, Nothing);

    /// <summary>The lease is given back, so that whoever owns the account next, this worker or another, connects it by itself.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnLeaseLost(SessionState state, Moment now)
    {
        var (left, effects) = Leave(state, ReasonCode.LeaseLost, now);
        return (left, [.. effects, new SessionEffect.ReleaseLease()]);
    }

    /// <summary>This worker goes and the account stays: what a person or a final close decided is still so for the next one.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) Leave(SessionState state, ReasonCode reason, Moment now)
    {
        if (state.Phase is SessionPhase.Idle)
            return (state, Nothing);

        if (state.IsPairing && state.Verdict is not ReasonCode.None)
            return Fail(state, state.Verdict, null, now, StopSocket(state));

        return state.Linked
            ? Rest(state, SessionStatus.Disconnected, state.Wanted ? reason : ReasonCode.StoppedByPerson, null, now, StopSocket(state))
            : Rest(state, SessionStatus.Init, reason, null, now, StopSocket(state));
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnConnect(SessionState state, Moment now)
    {
        state = state with { Wanted = true };
        if (state.HasSocket)
            return (state, Nothing);

        if (!state.Linked || Reasons.NeedsNewLink(state.Verdict))
            return BeginPairing(state, null, now, Nothing);

        return BeginForPerson(state, now, Nothing);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnReconnect(SessionState state, Moment now) =>
        state.HasSocket && !state.IsPairing
            ? BeginForPerson(state with { Wanted = true }, now, StopSocket(state))
            : OnConnect(state, now);

    /// <summary>Whoever asks has looked at it: what was tried before counts no longer.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) BeginForPerson(
        SessionState state, Moment now, IReadOnlyList<SessionEffect> before)
    {
        var cause = state.Attempt?.Cause ?? (state.HasSocket ? ReasonCode.StoppedByPerson : Loss(state.View));
        var asked = new RecoveryAttempt(now.At, cause, IsByPerson: true);
        return Begin(state with { Streak = 0, Teardowns = [], Attempt = asked }, ReasonCode.Resuming, now, before);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnStop(SessionState state, Moment now)
    {
        state = state with { Wanted = false, Verdict = ReasonCode.None };
        return state.Linked
            ? Rest(state, SessionStatus.Disconnected, ReasonCode.StoppedByPerson, null, now, StopSocket(state))
            : Rest(state, SessionStatus.Init, ReasonCode.NeverLinked, null, now, StopSocket(state));
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnDelete(SessionState state, Moment now)
    {
        var stop = LogOut(state);
        state = state with { Wanted = false, Linked = false, Verdict = ReasonCode.None };
        return Rest(state, SessionStatus.Init, ReasonCode.NeverLinked, null, now, [.. stop, new SessionEffect.Forget()]);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnDeadline(SessionState state, Moment now)
    {
        if (state.Deadline is not { } deadline || deadline > now.At)
            return (state, Nothing);

        return state.Phase switch
        {
            SessionPhase.Waiting => Begin(state, ReasonCode.Resuming, now, Nothing),
            SessionPhase.Scanning => OnQrDeadline(state, now),
            SessionPhase.Starting when state.Fresh => EndPairing(state, ReasonCode.ConnectTimeout, null, now, StopSocket(state)),
            SessionPhase.Starting or SessionPhase.Linking or SessionPhase.Proving =>
                Retry(state, ReasonCode.ConnectTimeout, null, now, StopSocket(state)),
            _ => (state with { Deadline = null }, Nothing),
        };
    }

    /// <summary>What is told again, as every connection does, keeps its beginning. What is past is no news.</summary>
    private static SessionState OnNoticed(SessionState state, NoticeView notice, Moment now)
    {
        if (IsPast(notice, now) || state.View.Notices.Any(known => known with { At = notice.At } == notice))
            return state;

        var others = WithNotices(state, known => !Is(known, notice.Kind));
        return others with { View = others.View with { Notices = [.. others.View.Notices, notice] } };
    }

    private static SessionState WithoutPastNotices(SessionState state, Moment now) => WithNotices(state, notice => !IsPast(notice, now));

    private static SessionState WithNotices(SessionState state, Func<NoticeView, bool> remain) =>
        state.View.Notices.All(remain) ? state : state with { View = state.View with { Notices = [.. state.View.Notices.Where(remain)] } };

    private static bool Is(NoticeView notice, string kind) => string.Equals(notice.Kind, kind, StringComparison.Ordinal);

    private static bool IsPast(NoticeView notice, Moment now) => notice.Until <= now.At;

    private static IReadOnlyList<SessionEffect> StopSocket(SessionState state) =>
        state.HasSocket ? [new SessionEffect.Stop(Logout: false)] : Nothing;

    /// <summary>The phone shall not list a device that nobody uses; only an open connection can tell it.</summary>
    private static IReadOnlyList<SessionEffect> LogOut(SessionState state) =>
        state.HasSocket ? [new SessionEffect.Stop(Logout: state.Linked && !state.Fresh)] : Nothing;

    private static long Later(long? known, long at) => known > at ? known.Value : at;
}
