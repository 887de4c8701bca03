namespace RealtimeWa;

/// <summary>What a transition adds to the history beside its own line; written with it, in one transaction. Times are UTC milliseconds.</summary>
public abstract record HistoryStep
{
    private HistoryStep()
    {
    }

    /// <param name="IsByPerson">A person asked for it; teardowns before it no longer count against the limit.</param>
    public sealed record AttemptBegan(long At, ReasonCode Cause, bool IsTeardown = false, bool IsByPerson = false) : HistoryStep;

    /// <summary>Of all that run; there is one at most.</summary>
    public sealed record AttemptEnded(long At, AttemptOutcome Outcome, ReasonCode? Reason) : HistoryStep;

    /// <summary>Does nothing while another gap is open: it goes on.</summary>
    public sealed record GapOpened(long From, ReasonCode Reason) : HistoryStep;

    /// <param name="ArrivedSince">When the connection was begun that ended it; what became a row before can't be of the gap.</param>
    public sealed record GapClosed(long At, long ArrivedSince) : HistoryStep;
}
