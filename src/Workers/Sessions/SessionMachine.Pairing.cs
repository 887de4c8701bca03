namespace RealtimeWa;

public static partial class SessionMachine
{
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnPair(SessionState state, Secret? phone, Moment now)
    {
        if (state.Phase is SessionPhase.Proven)
            return (state, [new SessionEffect.Refuse(Reasons.AlreadyConnected)]);

        // A link whose code is over may be about to end: whoever asks now would wait for nothing.
        var runsAlready = state.IsPairing && state.PairPhone == phone && !IsCodeOver(state.View, now);
        return runsAlready || state.Phase is SessionPhase.Linking ? (state, Nothing) : BeginPairing(state, phone, now, StopSocket(state));
    }

    private static bool IsCodeOver(SessionView view, Moment now) => view.QrStatus is QrStatus.Expired || view.QrExpiresAt <= now.At;

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) BeginPairing(
        SessionState state, Secret? phone, Moment now, IReadOnlyList<SessionEffect> before)
    {
        var view = Status(state.View, SessionStatus.QrRequired, ReasonCode.WaitingForScan, now) with
        {
            QrStatus = QrStatus.None,
            Attempt = 0,
            LastError = null,
        };
        var next = state with
        {
            Phase = SessionPhase.Starting,
            Fresh = true,
            Streak = 0,
            View = view,
            Attempt = null,
            Deadline = now.At + ConnectTimeout,
            Qr = null,
            PairCode = null,
            PairPhone = phone,
        };
        return (next, [.. before, new SessionEffect.Start(Fresh: true)]);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnQrShown(
        SessionState state, SessionEvent.QrShown shown, Moment now)
    {
        if (!state.IsPairing)
            return (state, Nothing);

        // The first QR says that the server is ready for a code, too.
        if (state.PairPhone is { } phone)
        {
            var waiting = state with { Phase = SessionPhase.Scanning, Deadline = shown.ExpiresAt + NextQrTimeout };
            return (waiting, state.Phase is SessionPhase.Starting ? [new SessionEffect.RequestPairCode(phone)] : Nothing);
        }

        var next = state with
        {
            Phase = SessionPhase.Scanning,
            Deadline = shown.ExpiresAt,
            Qr = shown.Qr,
            View = state.View with { QrStatus = QrStatus.Generated, QrExpiresAt = shown.ExpiresAt },
        };
        return (next, Nothing);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnPairCodeShown(
        SessionState state, SessionEvent.PairCodeShown shown) =>
        state.Phase is SessionPhase.Scanning && state.PairPhone is not null
            ? (state with
            {
                PairCode = shown.Code,
                View = state.View with { QrStatus = QrStatus.Generated, QrExpiresAt = shown.ExpiresAt },
            }, Nothing)
            : (state, Nothing);

    /// <summary>A QR without successor is no QR any more; a link without QR for long has ended.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnQrDeadline(SessionState state, Moment now)
    {
        if (state.View.QrStatus is not QrStatus.Generated || state.PairPhone is not null)
            return EndPairing(state, ReasonCode.QrExpired, null, now, StopSocket(state));

        var next = state with
        {
            Qr = null,
            Deadline = now.At + NextQrTimeout,
            View = state.View with { QrStatus = QrStatus.Expired, QrExpiresAt = null },
        };
        return (next, Nothing);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) OnPaired(SessionState state, Moment now)
    {
        if (!state.IsPairing)
            return (state, Nothing);

        var next = state with
        {
            Phase = SessionPhase.Linking,
            Linked = true,
            Wanted = true,
            Fresh = false,
            Verdict = ReasonCode.None,
            Streak = 0,
            Qr = null,
            PairCode = null,
            PairPhone = null,
            Deadline = now.At + ConnectTimeout,
            View = Status(state.View, SessionStatus.Connecting, ReasonCode.Linking, now) with
            {
                QrStatus = QrStatus.Used,
                Attempt = 1,
                Notices = [],
            },
        };
        return (next, Nothing);
    }

    /// <summary>No new link came about: back to where it was before, with the keys that were never touched.</summary>
    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) EndPairing(
        SessionState state, ReasonCode reason, string? sentence, Moment now, IReadOnlyList<SessionEffect> before)
    {
        if (state.Verdict is not ReasonCode.None)
            return Fail(state, state.Verdict, null, now, before);

        if (state.Linked)
            return Retry(state, reason, sentence, now, before);

        return Rest(state, SessionStatus.Init, reason, sentence, now, before);
    }
}
