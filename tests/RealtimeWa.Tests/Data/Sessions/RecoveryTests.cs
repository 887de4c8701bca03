namespace RealtimeWa;

/// <summary>Attempts and gaps as rows.</summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory, EachDatabase]
    public async Task An_attempt_is_a_row_that_ends(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Becomes(fence, SessionStatus.Connecting, ReasonCode.Resuming, new HistoryStep.AttemptBegan(1_000, ReasonCode.ConnectionLost));
        var running = Assert.Single((await data.History(fence)).Attempts);
        await data.Becomes(
            fence, SessionStatus.Disconnected, ReasonCode.ServerUnavailable, new HistoryStep.AttemptEnded(2_000, AttemptOutcome.Failed, ReasonCode.ServerUnavailable));
        await data.Connects(
            fence, new HistoryStep.AttemptBegan(3_000, ReasonCode.ServerUnavailable), new HistoryStep.AttemptEnded(4_000, AttemptOutcome.Connected, Reason: null));

        Assert.Equal(new(1_000, ReasonCode.ConnectionLost, IsTeardown: false, EndedAt: null, AttemptOutcome.Running, EndReason: null), running);
        Assert.Equal(
            [
                new(3_000, ReasonCode.ServerUnavailable, IsTeardown: false, 4_000, AttemptOutcome.Connected, EndReason: null),
                new(1_000, ReasonCode.ConnectionLost, IsTeardown: false, 2_000, AttemptOutcome.Failed, ReasonCode.ServerUnavailable),
            ],
            (await data.History(fence)).Attempts);
    }

    [Theory, EachDatabase]
    public async Task A_worker_without_its_lease_writes_no_history(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        var session = (await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Account.Session;
        await data.TakenOver();

        await Assert.ThrowsAsync<LeaseLostException>(() => data.Sessions.Transition(
            fence, session, qr: null, detail: null, [new HistoryStep.AttemptBegan(1, ReasonCode.ProbeFailed), new HistoryStep.GapOpened(1, ReasonCode.ProbeFailed)], TestData.Cancel));
        await Assert.ThrowsAsync<LeaseLostException>(() => data.Sessions.CountGap(fence, 0, TestData.Cancel));

        Assert.Equivalent(new AccountHistory([], [], []), await data.History(fence), strict: true);
    }

    [Theory, EachDatabase]
    public async Task Teardowns_of_the_last_hour_outlive_a_worker(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await Tears(data, fence, AttemptOutcome.Connected, endReason: null);
        data.Time.Pass(TimeSpan.FromMinutes(61));
        fence = await data.TakenOver();
        await Tears(data, fence, AttemptOutcome.Connected, endReason: null);
        var second = data.Time.Now;
        data.Time.Pass(Minute);
        await Tears(data, fence, AttemptOutcome.Failed, ReasonCode.ConnectionLost);
        var third = data.Time.Now;
        data.Time.Pass(Minute);
        await data.Connects(fence, new HistoryStep.AttemptBegan(data.Time.Now, ReasonCode.ConnectionLost));

        var taken = await data.TakenOver("w3");

        Assert.Equal([second, third], (await data.Sessions.Load(taken.AccountId, TestData.Cancel))!.Teardowns);
    }

    [Theory, EachDatabase]
    public async Task An_outage_uses_no_teardown_and_a_person_gives_all_back(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await Tears(data, fence, AttemptOutcome.Failed, ReasonCode.NetworkUnreachable);
        await Tears(data, fence, AttemptOutcome.Failed, ReasonCode.ConnectTimeout);
        Assert.Empty((await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Teardowns);

        await Tears(data, fence, AttemptOutcome.Connected, endReason: null);
        Assert.Single((await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Teardowns);

        await data.Connects(fence, new HistoryStep.AttemptBegan(data.Time.Now, ReasonCode.ProbeFailed, IsByPerson: true));
        Assert.Empty((await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Teardowns);
    }

    [Theory, EachDatabase]
    public async Task A_gap_is_one_until_it_is_closed(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped, new HistoryStep.GapOpened(1_000, ReasonCode.WorkerStopped));
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.ConnectionLost, new HistoryStep.GapOpened(5_000, ReasonCode.ConnectionLost));
        Assert.Equal([new(1_000, To: null, ReasonCode.WorkerStopped, 0, 0)], (await data.History(fence)).Gaps);

        await data.Connects(fence, new HistoryStep.GapClosed(9_000, 8_000));
        await data.Connects(fence, new HistoryStep.GapClosed(10_000, 8_000));
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.ConnectionLost, new HistoryStep.GapOpened(20_000, ReasonCode.ConnectionLost));

        Assert.Equal(
            [new(20_000, To: null, ReasonCode.ConnectionLost, 0, 0), new(1_000, 9_000, ReasonCode.WorkerStopped, 0, 0)],
            (await data.History(fence)).Gaps);
    }

    [Theory, EachDatabase]
    public async Task What_customers_wrote_in_a_gap_and_came_afterwards_is_counted(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Connects(fence);
        var lost = data.Time.Now;
        await data.Happens(fence, TestData.Says("before", "it came while all was well", lost - 60_000));
        await data.Happens(fence, TestData.Says("during", "not lost: it came before the worker died", lost + 1));
        data.Time.Pass(Minute);
        var begun = data.Time.Now;
        data.Time.Pass(Minute);
        await data.Happens(fence, TestData.Says("early", "came right after the connection opened", lost + 1_000, offline: true));
        var proven = data.Time.Now;
        await data.Connects(fence, new HistoryStep.GapOpened(lost, ReasonCode.WorkerStopped), new HistoryStep.GapClosed(proven, begun));
        Assert.Equal((1, 0), await Counted(data, fence));

        await data.Happens(fence, TestData.Says("late", "came with the rest", lost + 2_000, offline: true));
        await data.Happens(fence, TestData.WeSay("ours", "written on our phone", lost + 3_000));
        await data.Happens(fence, new PlaceholderArrived("sealed", TestData.Ion, TestData.IonHimself, FromMe: false, lost + 4_000));
        await data.Happens(fence, TestData.Says("live", "written after it was over", proven + 1));
        var bell = await data.Sessions.CountGap(fence, begun, TestData.Cancel);
        Assert.Equal((2, 1), await Counted(data, fence));
        var told = (await data.Log(fence.AccountId))[^1];
        Assert.Equal((bell!.Seq, EventKind.SessionChanged, SessionStatus.Connected), (told.Seq, told.Kind, told.Body.Session!.Status));

        await data.Happens(fence, TestData.Says("sealed", "now it can be read", lost + 4_000));
        await data.Sessions.CountGap(fence, begun, TestData.Cancel);
        Assert.Equal((3, 0), await Counted(data, fence));
        Assert.Null(await data.Sessions.CountGap(fence, begun, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task Nothing_is_counted_where_nothing_was_lost(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Connects(fence, new HistoryStep.GapClosed(9_000, 8_000));

        Assert.Null(await data.Sessions.CountGap(fence, 0, TestData.Cancel));
        Assert.Empty((await data.History(fence)).Gaps);
    }

    private static async Task<(int Repaired, int Unreadable)> Counted(TestData data, Fence fence)
    {
        var gap = Assert.Single((await data.History(fence)).Gaps);
        return (gap.Repaired, gap.Unknown);
    }

    private static Task<Doorbell> Tears(TestData data, Fence fence, AttemptOutcome outcome, ReasonCode? endReason) => data.Becomes(
        fence,
        SessionStatus.Disconnected,
        ReasonCode.ProbeFailed,
        new HistoryStep.AttemptBegan(data.Time.Now, ReasonCode.ProbeFailed, IsTeardown: true),
        new HistoryStep.AttemptEnded(data.Time.Now, outcome, endReason));
}
