namespace RealtimeWa;

public static partial class SessionMachine
{
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnOpened(SessionState state, Moment now) => state.Phase switch
    {
        SessionPhase.Starting or SessionPhase.Linking when !state.Fresh =>
            (state with { Phase = SessionPhase.Proving, View = state.View with { OpenSince = now.At } }, [new SessionEffect.Probe()]),
        _ => (state, Nothing),
    };

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnProbeAnswered(SessionState state, long? memory, Moment now)
    {
        if (state.Phase is SessionPhase.Proven)
            return (state with { View = state.View with { LastProofAt = now.At, BridgeMemory = memory } }, Nothing);

        if (state.Phase is not SessionPhase.Proving)
            return (state, Nothing);

        var view = Status(state.View, SessionStatus.Connected, ReasonCode.Proven, now) with
        {
            Attempt = 0,
            QrStatus = QrStatus.Used,
            LastConnectedAt = now.At,
            LastProofAt = now.At,
            BridgeMemory = memory,
        };
        var next = state with { Phase = SessionPhase.Proven, View = view, Deadline = null, Verdict = ReasonCode.None, Attempt = null };
        return (next, [new SessionEffect.WakeOutbox()]);
    }

    /// <summary>A socket that is open but does not answer is given up; three times an hour by itself, then a person is asked.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnProbeFailed(SessionState state, Moment now)
    {
        if (state.Phase is SessionPhase.Proving)
            return Retry(state, ReasonCode.ProbeFailed, null, now, StopSocket(state));

        if (state.Phase is not SessionPhase.Proven)
            return (state, Nothing);

        var lately = state.Teardowns.RemoveAll(at => at <= now.At - Hour);
        if (lately.Length >= TeardownsPerHour)
            return Fail(state with { Teardowns = lately }, ReasonCode.ProbeFailed, Reasons.ProbesExhausted, now, StopSocket(state));

        var (torn, effects) = Retry(state with { Teardowns = lately.Add(now.At) }, ReasonCode.ProbeFailed, null, now, StopSocket(state));
        return (torn with { Attempt = new RecoveryAttempt(now.At, ReasonCode.ProbeFailed, IsTeardown: true) }, effects);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnClosed(
        SessionState state, ReasonCode cause, string? sentence, Moment now)
    {
        if (!state.HasSocket)
            return (state, Nothing);

        if (cause is ReasonCode.LeaseLost)
            return OnLeaseLost(state, now);

        if (state.IsPairing)
            return EndPairing(state, cause, sentence, now, Nothing);

        if (cause is ReasonCode.Replaced)
            return Fail(state, cause, sentence, now, [new SessionEffect.ReleaseLease()]);

        if (Reasons.IsFinal(cause))
            return Fail(state, cause, sentence, now, Nothing);

        var atOnce = cause is ReasonCode.RestartRequired && state.Streak < RestartsAtOnce;
        return atOnce
            ? Begin(state, state.Phase is SessionPhase.Linking ? ReasonCode.Linking : ReasonCode.RestartRequired, now, Nothing)
            : Retry(state, cause, sentence, now, Nothing);
    }

    /// <summary>A socket with the saved keys. The 60 seconds run from when the status became connecting.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) Begin(
        SessionState state, ReasonCode reason, Moment now, IReadOnlyList<SessionEffect> before)
    {
        var view = Status(state.View, SessionStatus.Connecting, reason, now) with { Attempt = state.Streak + 1 };
        var next = state with
        {
            Phase = SessionPhase.Starting,
            Fresh = false,
            Verdict = ReasonCode.None,
            Streak = state.Streak + 1,
            View = view,
            Attempt = state.Attempt ?? Attempt(state.View, reason, now),
            Deadline = view.Since + ConnectTimeout,
            Qr = null,
            PairCode = null,
            PairPhone = null,
        };
        return (next, [.. before, new SessionEffect.Start(Fresh: false)]);
    }

    /// <summary>Going on with a new link is none.</summary>
    private static RecoveryAttempt? Attempt(SessionView lost, ReasonCode reason, Moment now) => reason switch
    {
        ReasonCode.Linking => null,
        ReasonCode.RestartRequired => new(now.At, reason),
        _ => new(now.At, Loss(lost)),
    };

    /// <summary>Why a session is not connected. A row that does not say so was left by a worker that died.</summary>
    private static ReasonCode Loss(SessionView view) =>
        view.Status is SessionStatus.Disconnected or SessionStatus.Error ? view.Reason : ReasonCode.WorkerStopped;

    /// <summary>Not connected now; the next attempt has its time, if anybody wants one.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) Retry(
        SessionState state, ReasonCode reason, string? sentence, Moment now, IReadOnlyList<SessionEffect> before)
    {
        if (!state.Wanted)
            return Rest(state, SessionStatus.Disconnected, ReasonCode.StoppedByPerson, null, now, before);

        var held = state.Phase is SessionPhase.Proven && now.At - state.View.Since >= Stable;
        var streak = held ? 0 : state.Streak;
        var isOutage = reason is ReasonCode.NetworkUnreachable or ReasonCode.ConnectTimeout;
        if (isOutage && state.Attempt is { IsTeardown: true } teardown)
            state = state with { Teardowns = state.Teardowns.Remove(teardown.At) };
        var retryAt = now.At + Backoff.Delay(streak + 1, now.Jitter, reason);
        var (rest, effects) = Rest(state, SessionStatus.Disconnected, reason, sentence, now, before);
        return (rest with
        {
            Phase = SessionPhase.Waiting,
            Streak = streak,
            Deadline = retryAt,
            View = rest.View with { Attempt = streak + 1, RetryAt = retryAt },
        }, effects);
    }

    /// <summary>Only a person can change anything now.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) Fail(
        SessionState state, ReasonCode reason, string? sentence, Moment now, IReadOnlyList<SessionEffect> effects)
    {
        var (rest, all) = Rest(state, SessionStatus.Error, reason, sentence, now, effects);
        var action = Reasons.Action(reason) is OperatorAction.Wait or OperatorAction.None ? OperatorAction.Reconnect : Reasons.Action(reason);
        return (rest with { Verdict = reason, View = rest.View with { Action = action } }, all);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) Rest(
        SessionState state, SessionStatus status, ReasonCode reason, string? sentence, Moment now, IReadOnlyList<SessionEffect> effects)
    {
        var view = Status(state.View, status, reason, now) with
        {
            Attempt = 0,
            LastError = sentence ?? Reasons.Sentence(reason),
            QrStatus = reason is ReasonCode.QrExpired ? QrStatus.Expired : state.IsPairing ? QrStatus.None : state.View.QrStatus,
        };
        var next = state with
        {
            Phase = SessionPhase.Idle,
            Fresh = false,
            View = view,
            Attempt = null,
            Deadline = null,
            Qr = null,
            PairCode = null,
            PairPhone = null,
        };
        return (next, effects);
    }

    /// <summary>Times and errors that belong to another status end with it.</summary>
    private static SessionView Status(SessionView view, SessionStatus status, ReasonCode reason, Moment now) => view with
    {
        Status = status,
        Reason = reason,
        Action = Action(status, reason),
        Since = view.Status == status ? view.Since : now.At,
        RetryAt = null,
        QrExpiresAt = null,
        OpenSince = status is SessionStatus.Connected ? view.OpenSince : null,
        BridgeMemory = status is SessionStatus.Connected ? view.BridgeMemory : null,
        LastError = status is SessionStatus.Connected ? null : view.LastError,
    };

    private static OperatorAction Action(SessionStatus status, ReasonCode reason) =>
        status is SessionStatus.Init ? OperatorAction.ScanQr
        : status is SessionStatus.Connecting ? OperatorAction.Wait
        : Reasons.Action(reason);
}
