namespace RealtimeWa;

public sealed class LeaseTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory, EachDatabase]
    public async Task An_account_has_one_owner_at_a_time(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        for (var number = 0; number < 12; number++)
        {
            await data.Accounts.Add($"Shop {number}", instanceId: null, max: 100, TestData.Cancel);
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => data.Leases.Acquire($"w{worker}", 3, Minute, TestData.Cancel)));

        var accounts = taken.SelectMany(leases => leases).Select(lease => lease.Fence.AccountId).ToList();
        Assert.Equal(12, accounts.Count);
        Assert.Equal(12, accounts.Distinct().Count());
        Assert.Empty(await data.Leases.Acquire("late", 3, Minute, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_lease_that_is_renewed_is_kept_and_one_that_is_not_is_lost(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        data.Time.Pass(TimeSpan.FromSeconds(40));
        Assert.Equal(fence, Assert.Single(await data.Leases.Renew([fence], Minute, TestData.Cancel)).Fence);
        data.Time.Pass(TimeSpan.FromSeconds(40));
        Assert.Empty(await data.Leases.Acquire("w2", 10, Minute, TestData.Cancel));

        var taken = await data.TakenOver();

        Assert.Equal(fence.Epoch + 1, taken.Epoch);
        Assert.Empty(await data.Leases.Renew([fence], Minute, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_released_account_is_free_at_once_and_gets_a_new_epoch(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Leases.Release(fence, TestData.Cancel);

        Assert.Equal(fence.Epoch + 1, Assert.Single(await data.Leases.Acquire("w1", 10, Minute, TestData.Cancel)).Fence.Epoch);
        await Assert.ThrowsAsync<LeaseLostException>(() => data.Keys.Commit(fence, new([new("a", "b", "c")]), TestData.Cancel));
    }

    /// <summary>Every write of a worker, tried by one that has lost the account, and by another with the right epoch.</summary>
    [Theory, EachDatabase]
    public async Task Every_write_of_a_worker_is_fenced(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var old = await data.Owned();
        var key = await data.Saved(old);
        await data.Connects(old);
        await data.Happens(old, TestData.Says("W1", "hello"));
        var thread = await data.OnlyThread();
        var queued = await data.Outbox.Enqueue(new(thread.Id, "t", "hi"), author: null, TestData.Cancel);
        var command = await data.Commands.Add(old.AccountId, CommandKind.Stop, argument: null, TestData.Cancel);
        var session = (await data.Sessions.Load(old.AccountId, TestData.Cancel))!.Account.Session;
        var current = await data.TakenOver();
        var before = await data.Log(old.AccountId);

        foreach (var fence in new[] { old, current with { WorkerId = "impostor" }, current with { Epoch = current.Epoch + 1 } })
        {
            var message = queued.Message!.Id;
            Func<Task>[] writes =
            [
                () => data.Keys.Commit(fence, new([new("session", "a", "b")]), TestData.Cancel),
                () => data.Inbound.Ingest(fence, [new(key, [TestData.Says("W2", "again")], long.MaxValue)], TestData.Cancel),
                () => data.Inbound.Refuse(fence, key, long.MaxValue, "no", TestData.Cancel),
                () => data.Sessions.Transition(fence, session, qr: null, detail: null, TestData.Cancel),
                () => data.Sessions.SetPaired(fence, new("40711", "9", "Shop", "{}"), TestData.Superseded, TestData.Cancel),
                () => data.Sessions.ForgetLink(fence, TestData.Cancel),
                () => data.Outbox.MarkWriting(fence, message, TestData.Cancel),
                () => data.Outbox.MarkWritten(fence, message, TestData.Cancel),
                () => data.Outbox.MarkAcked(fence, queued.Message.WaId, TestData.Cancel),
                () => data.Outbox.MarkRefused(fence, queued.Message.WaId, "no", TestData.Cancel),
                () => data.Outbox.MarkFailed(fence, message, "no", TestData.Cancel),
                () => data.Outbox.Retry(fence, message, 0, "no", TestData.Cancel),
                () => data.Outbox.Requeue(fence, long.MaxValue, TestData.Cancel),
                () => data.Outbox.MarkUnknown(fence, long.MaxValue, TestData.Cancel),
                () => data.Commands.Done(fence, command!.Id, error: null, TestData.Cancel),
            ];
            foreach (var write in writes)
            {
                await Assert.ThrowsAsync<LeaseLostException>(write);
            }

            Assert.Empty(await data.Outbox.Due(fence, 10, TestData.Cancel));
        }

        Assert.Single(await data.Outbox.Due(current, 10, TestData.Cancel));
        Assert.Equal(before.Count, (await data.Log(old.AccountId)).Count);
        Assert.Empty(await data.Keys.Get(old.AccountId, "session", ["a"], TestData.Cancel));
        Assert.Equal(MessageStatus.Queued, (await data.Messages.Find(queued.Message!.Id, TestData.Cancel))!.Status);
        Assert.Single(await data.Inbound.Pending(old.AccountId, 10, TestData.Cancel));
        Assert.Single(await data.Commands.Open(old.AccountId, TestData.Cancel));
    }
}
