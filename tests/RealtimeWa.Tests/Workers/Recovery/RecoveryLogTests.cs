using RealtimeWa.Sessions;

namespace RealtimeWa.Recovery;

/// <summary>What each transition means for the history.</summary>
public sealed class RecoveryLogTests
{
    private const long Now = Sample.Start + 10_000;
    private const long LastSign = Sample.Start + 4_000;

    private static readonly SessionState Connected = Sample.Connected with
    {
        View = Sample.Connected.View with { LastProofAt = Sample.Start + 3_000, LastEventAt = LastSign },
    };

    private static readonly SessionState Lost = After(Connected, new SessionEvent.Closed(ReasonCode.ConnectionLost));
    private static readonly SessionState Trying = After(Lost, new SessionEvent.DeadlineReached());
    private static readonly SessionState Torn = After(Connected, new SessionEvent.ProbeFailed());

    public static TheoryData<SessionState, SessionEvent, HistoryStep[]> Table => new()
    {
        // A connection ends and says so: the gap begins there. What waits for its next attempt is none yet.
        { Connected, new SessionEvent.Closed(ReasonCode.ConnectionLost), [new HistoryStep.GapOpened(Now, ReasonCode.ConnectionLost)] },
        { Connected, new SessionEvent.BridgeDied(), [new HistoryStep.GapOpened(Now, ReasonCode.BridgeStopped)] },
        { Connected, new SessionEvent.Closed(ReasonCode.LoggedOut), [new HistoryStep.GapOpened(Now, ReasonCode.LoggedOut)] },
        { Connected, new SessionEvent.Stop(), [new HistoryStep.GapOpened(Now, ReasonCode.StoppedByPerson)] },
        { Connected, new SessionEvent.WorkerStopping(), [new HistoryStep.GapOpened(Now, ReasonCode.WorkerStopped)] },
        { Connected, new SessionEvent.Superseded(), [new HistoryStep.GapOpened(Now, ReasonCode.DuplicateNumber)] },

        // One that went silent was last known to live a while ago.
        { Connected, new SessionEvent.LeaseLost(), [new HistoryStep.GapOpened(LastSign, ReasonCode.LeaseLost)] },
        { Connected, new SessionEvent.Closed(ReasonCode.LeaseLost), [new HistoryStep.GapOpened(LastSign, ReasonCode.LeaseLost)] },
        {
            Connected,
            new SessionEvent.ProbeFailed(),
            [new HistoryStep.AttemptBegan(Now, ReasonCode.ProbeFailed, IsTeardown: true), new HistoryStep.GapOpened(LastSign, ReasonCode.ProbeFailed)]
        },

        // At once, or because a person asks.
        {
            Connected,
            new SessionEvent.Closed(ReasonCode.RestartRequired),
            [new HistoryStep.AttemptBegan(Now, ReasonCode.RestartRequired), new HistoryStep.GapOpened(Now, ReasonCode.RestartRequired)]
        },
        {
            Connected,
            new SessionEvent.Reconnect(),
            [new HistoryStep.AttemptBegan(Now, ReasonCode.StoppedByPerson, IsByPerson: true), new HistoryStep.GapOpened(Now, ReasonCode.StoppedByPerson)]
        },
        { Lost, new SessionEvent.Reconnect(), [new HistoryStep.AttemptBegan(Now, ReasonCode.ConnectionLost, IsByPerson: true)] },
        {
            Trying,
            new SessionEvent.Reconnect(),
            [
                new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.StoppedByPerson),
                new HistoryStep.AttemptBegan(Now, ReasonCode.ConnectionLost, IsByPerson: true),
            ]
        },

        // By its timer, and how it ends.
        { Lost, new SessionEvent.DeadlineReached(), [new HistoryStep.AttemptBegan(Now, ReasonCode.ConnectionLost)] },
        { Trying, new SessionEvent.Opened(), [] },
        { Trying, new SessionEvent.Closed(ReasonCode.RestartRequired), [] },
        { Trying, new SessionEvent.Closed(ReasonCode.ServerUnavailable), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Failed, ReasonCode.ServerUnavailable)] },
        { Trying, new SessionEvent.StartFailed("No."), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Failed, ReasonCode.BridgeStopped)] },
        { Trying, new SessionEvent.Stop(), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.StoppedByPerson)] },
        { Trying, new SessionEvent.WorkerStopping(), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped)] },
        { Trying, new SessionEvent.LeaseLost(), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.LeaseLost)] },
        { Trying, new SessionEvent.Pair(null), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.StoppedByPerson)] },
        { After(Trying, new SessionEvent.Opened()), new SessionEvent.ProbeFailed(), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Failed, ReasonCode.ProbeFailed)] },
        {
            After(Trying, new SessionEvent.Opened()),
            new SessionEvent.ProbeAnswered(),
            [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Connected, Reason: null), new HistoryStep.GapClosed(Now, ArrivedSince: Sample.Start + 70_000)]
        },

        // A teardown is one attempt, from the socket that was given up to the end of the next one.
        { Torn, new SessionEvent.DeadlineReached(), [] },
        { After(Torn, new SessionEvent.DeadlineReached()), new SessionEvent.Closed(ReasonCode.ConnectionLost), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Failed, ReasonCode.ConnectionLost)] },

        // Linking a phone is no recovery.
        { Sample.New, new SessionEvent.Pair(null), [] },
        { After(Sample.Showing, new SessionEvent.Paired()), new SessionEvent.Closed(ReasonCode.RestartRequired), [] },

        // A worker takes over what another left in order, and what one left that died.
        {
            Row(After(Connected, new SessionEvent.WorkerStopping())),
            new SessionEvent.Claimed(Linked: true, Wanted: true),
            [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped), new HistoryStep.AttemptBegan(Now, ReasonCode.WorkerStopped)]
        },
        {
            Row(Connected),
            new SessionEvent.Claimed(Linked: true, Wanted: true),
            [
                new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped),
                new HistoryStep.AttemptBegan(Now, ReasonCode.WorkerStopped),
                new HistoryStep.GapOpened(LastSign, ReasonCode.WorkerStopped),
            ]
        },
        {
            Row(Connected),
            new SessionEvent.Taken(),
            [
                new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped),
                new HistoryStep.GapOpened(LastSign, ReasonCode.WorkerStopped),
            ]
        },
        { Row(Trying), new SessionEvent.Taken(), [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped)] },
        { Row(Lost), new SessionEvent.Taken(), [] },
        {
            Row(After(Row(Connected), new SessionEvent.Taken())),
            new SessionEvent.Claimed(Linked: true, Wanted: true),
            [new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped), new HistoryStep.AttemptBegan(Now, ReasonCode.WorkerStopped)]
        },
        {
            Row(Connected),
            new SessionEvent.KeysUnreadable("No."),
            [
                new HistoryStep.AttemptEnded(Now, AttemptOutcome.Abandoned, ReasonCode.WorkerStopped),
                new HistoryStep.GapOpened(LastSign, ReasonCode.WorkerStopped),
            ]
        },
        { Row(After(Connected, new SessionEvent.Closed(ReasonCode.LoggedOut))), new SessionEvent.Claimed(Linked: true, Wanted: true), [] },

        // All is well.
        { Connected, new SessionEvent.ProbeAnswered(), [] },
        { Connected, new SessionEvent.Heard(), [] },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void A_transition_leaves_its_history(SessionState before, SessionEvent change, HistoryStep[] steps)
    {
        var at = change is SessionEvent.DeadlineReached ? Math.Max(Now, before.Deadline ?? 0) : Now;

        var after = SessionMachine.Next(before, change, new Moment(at)).State;

        Assert.Equal(steps, RecoveryLog.Steps(before, change, after, Now).Select(At));

        // Steps carry the machine's time where the machine decided, and the caller's elsewhere.
        HistoryStep At(HistoryStep step) => step is HistoryStep.AttemptBegan began && began.At == at ? began with { At = Now } : step;
    }

    [Fact]
    public void An_outage_that_a_probe_found_uses_no_teardown()
    {
        foreach (var cause in new[] { ReasonCode.NetworkUnreachable, ReasonCode.ConnectionLost })
        {
            var state = After(Torn, new SessionEvent.DeadlineReached(), new SessionEvent.Closed(cause));

            Assert.Equal(cause is ReasonCode.NetworkUnreachable ? 0 : 1, state.Teardowns.Length);
        }
    }

    [Fact]
    public void The_limit_outlives_the_worker()
    {
        var taken = SessionState.Of(Connected.View, Sample.Start, Sample.Start + 1, Sample.Start + 2);
        var proven = Sample.After(taken, new SessionEvent.Claimed(Linked: true, Wanted: true), new SessionEvent.Opened(), new SessionEvent.ProbeAnswered());

        var asked = After(proven, new SessionEvent.ProbeFailed());

        Assert.Equal((SessionStatus.Error, ReasonCode.ProbeFailed, OperatorAction.Reconnect), (asked.View.Status, asked.View.Reason, asked.View.Action));
        Assert.Null(asked.Attempt);
        Assert.Empty(After(asked, new SessionEvent.Reconnect()).Teardowns);
    }

    private static SessionState Row(SessionState left) => SessionState.Of(left.View);

    private static SessionState After(SessionState state, params IEnumerable<SessionEvent> changes) => changes.Aggregate(
        state,
        static (current, change) => SessionMachine.Next(current, change, new Moment(Sample.Start + (change is SessionEvent.DeadlineReached ? 70_000 : 5_000))).State);
}
