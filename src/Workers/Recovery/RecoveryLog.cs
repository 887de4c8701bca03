namespace RealtimeWa;

/// <summary>What a transition means for the history: attempts that begin and end, and gaps in the connection. Pure, as the machine is.</summary>
public static class RecoveryLog
{
    public static IReadOnlyList<HistoryStep> Steps(SessionState before, SessionEvent change, SessionState after, long now)
    {
        // Whoever owned the account before may have died in the middle of an attempt.
        var isTaken = change is SessionEvent.Claimed or SessionEvent.Taken or SessionEvent.KeysUnreadable;
        if (!isTaken && before.Attempt == after.Attempt && before.View.Status == after.View.Status)
            return [];

        List<HistoryStep> steps = [];
        if (isTaken && after.View != before.View with { UpdatedAt = after.View.UpdatedAt })
            steps.Add(new HistoryStep.AttemptEnded(now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped));

        if (before.Attempt is not null && before.Attempt != after.Attempt)
            steps.Add(Ended(change, after, now));
        if (after.Attempt is { } begun && before.Attempt != begun)
            steps.Add(new HistoryStep.AttemptBegan(begun.At, begun.Cause, begun.IsTeardown, begun.IsByPerson));

        var (wasConnected, isConnected) = (before.View.Status is SessionStatus.Connected, after.View.Status is SessionStatus.Connected);
        if (wasConnected && !isConnected)
            steps.Add(new HistoryStep.GapOpened(LostAt(before.View, change, now), Loss(change, after)));
        if (isConnected && !wasConnected)
            steps.Add(new HistoryStep.GapClosed(now, ArrivedSince: before.View.Since));
        return steps;
    }

    private static HistoryStep.AttemptEnded Ended(SessionEvent change, SessionState after, long now) => change switch
    {
        _ when after.Phase is SessionPhase.Proven => new(now, AttemptOutcome.Connected, Reason: null),
        SessionEvent.Reconnect or SessionEvent.Connect or SessionEvent.Pair or SessionEvent.Delete => new(now, AttemptOutcome.Abandoned, ReasonCode.StoppedByPerson),
        SessionEvent.Stop or SessionEvent.Superseded or SessionEvent.WorkerStopping or SessionEvent.LeaseLost or SessionEvent.Closed { Cause: ReasonCode.LeaseLost } =>
            new(now, AttemptOutcome.Abandoned, after.View.Reason),
        _ => new(now, AttemptOutcome.Failed, after.View.Reason),
    };

    private static ReasonCode Loss(SessionEvent change, SessionState after) => change switch
    {
        SessionEvent.Claimed or SessionEvent.KeysUnreadable => ReasonCode.WorkerStopped,
        SessionEvent.Reconnect or SessionEvent.Delete => ReasonCode.StoppedByPerson,
        _ => after.View.Reason,
    };

    /// <summary>
    /// A connection that ends says so at once. One that only stopped answering, or whose worker did, may have been dead since the last
    /// sign of life, and so the gap begins there.
    /// </summary>
    private static long LostAt(SessionView view, SessionEvent change, long now)
    {
        var isSilent = change is SessionEvent.ProbeFailed
            or SessionEvent.LeaseLost
            or SessionEvent.Closed { Cause: ReasonCode.LeaseLost }
            or SessionEvent.Claimed
            or SessionEvent.Taken
            or SessionEvent.KeysUnreadable;
        return isSilent ? Math.Min(now, Math.Max(view.LastProofAt ?? view.Since, view.LastEventAt ?? 0)) : now;
    }
}
