namespace RealtimeWa.Recovery;

/// <summary>When what came of a gap is counted.</summary>
public sealed class GapCountTests
{
    [Fact]
    public async Task Counted_when_all_was_handed_over_and_once_more_when_it_may_have_healed()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        var gaps = new GapCount(data.Sessions, fence);
        Assert.Null(await gaps.CaughtUpAsync(data.Time.Now, TestData.Cancel));

        var lost = data.Time.Now;
        data.Time.Pass(TimeSpan.FromMinutes(5));
        HistoryStep.GapClosed closed = new(data.Time.Now, ArrivedSince: data.Time.Now);
        await data.Connects(fence, new HistoryStep.GapOpened(lost, ReasonCode.ConnectionLost), closed);
        gaps.Closed(closed);
        await data.Happens(
            fence, TestData.Says("one", "you were away", lost + 1_000), new PlaceholderArrived("two", TestData.Ion, TestData.IonHimself, FromMe: false, lost + 2_000));

        Assert.Null(await gaps.SweepAsync(data.Time.Now, TestData.Cancel));
        Assert.Equal((0, 0), await Counted(data, fence));
        Assert.NotNull(await gaps.CaughtUpAsync(data.Time.Now, TestData.Cancel));
        Assert.Equal((1, 1), await Counted(data, fence));

        await data.Happens(fence, TestData.Says("two", "and I was sealed", lost + 2_000));
        data.Time.Pass(TimeSpan.FromSeconds(59));
        Assert.Null(await gaps.SweepAsync(data.Time.Now, TestData.Cancel));
        data.Time.Pass(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaps.SweepAsync(data.Time.Now, new CancellationToken(canceled: true)));
        Assert.NotNull(await gaps.SweepAsync(data.Time.Now, TestData.Cancel));
        Assert.Equal((2, 0), await Counted(data, fence));
        data.Time.Pass(TimeSpan.FromHours(1));
        Assert.Null(await gaps.SweepAsync(data.Time.Now, TestData.Cancel));
    }

    private static async Task<(int Repaired, int Unreadable)> Counted(TestData data, Fence fence)
    {
        var gap = Assert.Single((await data.History(fence)).Gaps);
        return (gap.Repaired, gap.Unknown);
    }
}
