namespace RealtimeWa;

public sealed class EventTests
{
    [Theory, EachDatabase]
    public async Task Numbers_have_no_gap_however_many_write_and_fail_at_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        List<Fence> fences = [await data.Owned(), await data.Owned(), await data.Owned()];

        await Task.WhenAll(Enumerable.Range(0, 150).Select(async number =>
        {
            var fence = fences[number % 3];
            if (number % 5 == 0)
            {
                await Assert.ThrowsAsync<LeaseLostException>(() => data.Happens(fence with { Epoch = 99 }, TestData.Says($"x{number}", "no")));
            }
            else
            {
                await data.Happens(fence, TestData.Says($"m{number}", "one"), TestData.WeSay($"o{number}", "two"));
            }
        }));

        var heads = await data.Events.Heads(TestData.Cancel);
        foreach (var fence in fences)
        {
            var log = await data.Log(fence.AccountId);
            Assert.Equal(80, log.Count);
            Assert.Equal(80, heads[fence.AccountId]);
        }
    }

    [Theory, EachDatabase]
    public async Task Catching_up_in_pages_gives_everything_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        for (var number = 0; number < 7; number++)
        {
            await data.Happens(fence, TestData.Says($"m{number}", $"{number}", at: 1000 + number));
        }

        var first = await data.Events.After(fence.AccountId, 0, 5, TestData.Cancel);
        var second = await data.Events.After(fence.AccountId, first.Events[^1].Seq, 5, TestData.Cancel);

        Assert.True(first.More);
        Assert.False(second.More);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], first.Events.Concat(second.Events).Select(happened => happened.Body.Message!.Text));
        Assert.Empty((await data.Events.After(fence.AccountId, 7, 5, TestData.Cancel)).Events);
    }

    [Theory, EachDatabase]
    public async Task A_number_that_the_log_no_longer_knows_asks_for_a_snapshot(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, TestData.Says("m1", "old"));
        await data.Happens(fence, TestData.Says("m2", "old"));
        data.Time.Pass(TimeSpan.FromDays(8));
        var week = data.Time.Now - (long)TimeSpan.FromDays(7).TotalMilliseconds;

        await data.Events.Purge(week, TestData.Cancel);

        Assert.True((await data.Events.After(fence.AccountId, 0, 10, TestData.Cancel)).SnapshotNeeded);
        Assert.True((await data.Events.After(fence.AccountId, 99, 10, TestData.Cancel)).SnapshotNeeded);
        Assert.Equal(2, Assert.Single((await data.Events.After(fence.AccountId, 1, 10, TestData.Cancel)).Events).Seq);
        Assert.False((await data.Events.After(fence.AccountId, 2, 10, TestData.Cancel)).SnapshotNeeded);
    }

    [Theory, EachDatabase]
    public async Task Tailing_gives_what_was_not_seen_of_every_account(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var one = await data.Owned();
        var seen = await data.Events.Heads(TestData.Cancel);
        var two = await data.Owned();
        await data.Happens(one, TestData.Says("m1", "a"));
        await data.Happens(two, TestData.Says("m2", "b"));

        var since = await data.Events.Since(seen, 100, TestData.Cancel);

        Assert.Equal([(0L, 2L), (one.AccountId.Value, 1L), (two.AccountId.Value, 1L)], since.Select(happened => (happened.AccountId.Value, happened.Seq)));
    }

    /// <summary>Old state and events make the new state.</summary>
    [Theory, EachDatabase]
    public async Task Applying_the_events_gives_what_a_snapshot_shows(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Connects(fence);
        await data.Happens(fence, TestData.Says("m1", "hello", at: 1000), TestData.WeSay("m2", "hi", at: 2000), TestData.Says("m3", "bye", at: 3000));
        await data.Happens(fence, new MessageRevoked("m3", TestData.Ion, TestData.IonHimself, FromMe: false, 4000));
        var thread = await data.OnlyThread();
        await data.Outbox.Enqueue(new(thread.Id, "t", "later"), author: null, TestData.Cancel);
        var newest = (await data.MessagesOf(thread))[^1];
        await data.Threads.MarkRead(thread.Id, newest.Id, TestData.Cancel);

        var threads = new Dictionary<ThreadId, ThreadView>();
        var messages = new Dictionary<MessageId, MessageView>();
        foreach (var body in (await data.Log(fence.AccountId)).Select(happened => happened.Body))
        {
            if (body.Thread is { } changed)
            {
                threads[changed.Id] = changed;
            }

            if (body.Message is { } message)
            {
                messages[message.Id] = message;
            }
        }

        var fresh = await data.Get<SnapshotStore>().Read(100, TestData.Cancel);
        Assert.Equivalent(fresh.Threads, threads.Values, strict: true);
        Assert.Equivalent(await data.MessagesOf(thread), messages.Values, strict: true);
    }
}
