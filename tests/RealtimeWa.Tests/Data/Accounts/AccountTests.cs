namespace RealtimeWa;

public sealed class AccountTests
{
    [Theory, EachDatabase]
    public async Task One_more_than_the_limit_is_refused_with_a_sentence_even_in_a_race(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);

        var added = await Task.WhenAll(Enumerable.Range(0, 31).Select(number => data.Accounts.Add($"Shop {number}", instanceId: null, max: 30, TestData.Cancel)));

        var refused = Assert.Single(added, one => one.Account is null);
        Assert.Equal(AccountRefusal.TooMany, refused.Refusal);
        Assert.Contains("30", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal(30, (await data.Accounts.List(TestData.Cancel)).Count);
        Assert.Equal(30, (await data.Log(AccountId.System)).Count);
    }

    [Theory, EachDatabase]
    public async Task An_account_has_an_instance_id_of_its_own(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);

        var one = await data.Accounts.Add("Shop", instanceId: null, 30, TestData.Cancel);
        var two = await data.Accounts.Add("Shop", "sender_shop", 30, TestData.Cancel);
        var three = await data.Accounts.Add("Shop", "sender_shop", 30, TestData.Cancel);

        Assert.Equal($"sender_{one.Account!.Id}", one.Account.InstanceId);
        Assert.Equal(two.Account!.Id, (await data.Accounts.FindByInstance("sender_shop", TestData.Cancel))!.Id);
        Assert.Equal(AccountRefusal.InstanceTaken, three.Refusal);
        Assert.Equal(AccountRefusal.EmptyLabel, (await data.Accounts.Add("  ", instanceId: null, 30, TestData.Cancel)).Refusal);
    }

    [Theory, EachDatabase]
    public async Task A_deleted_account_leaves_a_number_and_no_secrets(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([new("session", "a", "1")], "{}", new("message/9", "message", [1], [new("aa", [1])], Offline: false, 1), new("M", [1])), TestData.Cancel);
        await data.Happens(fence, TestData.Says("W1", "hello"));
        await data.Commands.Add(fence.AccountId, CommandKind.Delete, argument: null, TestData.Cancel);

        var bell = await data.Accounts.Delete(fence.AccountId, TestData.Cancel);

        Assert.Equal(AccountId.System, bell!.AccountId);
        Assert.Equal((EventKind.AccountDeleted, fence.AccountId), (await data.Log(AccountId.System)).Select(happened => (happened.Kind, happened.Body.Account!.Id)).Last());
        Assert.Empty(await data.Accounts.List(TestData.Cancel));
        Assert.Null(await data.Accounts.Find(fence.AccountId, TestData.Cancel));
        Assert.Empty(await data.Threads.Page(long.MaxValue, new(long.MaxValue), 10, TestData.Cancel));
        Assert.Empty(await data.Commands.Open(fence.AccountId, TestData.Cancel));
        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        await Assert.ThrowsAsync<LeaseLostException>(() => data.Keys.Commit(fence, new([new("session", "a", "1")]), TestData.Cancel));
        Assert.Null(await data.Accounts.Delete(fence.AccountId, TestData.Cancel));
        Assert.NotNull((await data.Accounts.Add("Again", $"sender_{fence.AccountId}", 30, TestData.Cancel)).Account);
    }

    [Theory, EachDatabase]
    public async Task The_chats_of_a_deleted_account_go_in_small_steps(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Connects(fence);
        for (var number = 0; number < 5; number++)
        {
            await data.Happens(
                fence,
                TestData.Says($"W{number}", "hello"),
                new ReactionArrived($"W{number}", TestData.Ion, TestData.IonHimself, FromMe: false, "👍", 2_000),
                TestData.Receipt($"R{number}", ReceiptStatus.Read),
                new MessageRevoked($"X{number}", TestData.Ion, TestData.IonHimself, FromMe: false, 2_000));
        }

        await data.Outbox.Enqueue(new((await data.OnlyThread()).Id, "t", "hi"), author: null, TestData.Cancel);
        await data.Accounts.Delete(fence.AccountId, TestData.Cancel);
        data.Time.Pass(TimeSpan.FromDays(1));

        Assert.Equal(4, await data.Accounts.Purge(data.Time.Now, 4, TestData.Cancel));
        Assert.Equal(2, await data.Accounts.Purge(data.Time.Now, 4, TestData.Cancel));
        Assert.Equal(0, await data.Accounts.Purge(data.Time.Now, 4, TestData.Cancel));
        Assert.Empty(await data.Log(fence.AccountId));
    }

    [Theory, EachDatabase]
    public async Task Changes_of_an_account_are_events_of_its_own_log(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var account = (await data.Accounts.Add("Shop", instanceId: null, 30, TestData.Cancel)).Account!.Id;

        await data.Accounts.Relabel(account, " Bakery ", TestData.Cancel);
        await data.Commands.Add(account, CommandKind.Stop, argument: null, isActive: false, TestData.Cancel);

        var log = await data.Log(account);
        Assert.Equal([("Bakery", true), ("Bakery", false)], log.Select(happened => (happened.Body.Account!.Label, happened.Body.Account.IsActive)));
        Assert.Null(await data.Accounts.Relabel(new(99), "x", TestData.Cancel));
        Assert.Null(await data.Accounts.Relabel(AccountId.System, "x", TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task Of_two_people_who_ask_at_once_the_later_one_decides(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var account = (await data.Accounts.Add("Shop", instanceId: null, 30, TestData.Cancel)).Account!.Id;

        // Whoever reconnects has seen it active: for them nothing would change.
        await data.Commands.Add(account, CommandKind.Stop, argument: null, isActive: false, TestData.Cancel);
        await data.Commands.Add(account, CommandKind.Reconnect, argument: null, isActive: true, TestData.Cancel);
        await data.Commands.Add(account, CommandKind.Reconnect, argument: null, isActive: true, TestData.Cancel);

        Assert.True((await data.Accounts.Find(account, TestData.Cancel))!.IsActive);
        Assert.Equal(
            [CommandKind.Stop, CommandKind.Reconnect, CommandKind.Reconnect],
            (await data.Commands.Open(account, TestData.Cancel)).Select(command => command.Kind));
        var log = await data.Log(account);
        Assert.Equal([(1L, false), (2L, true)], log.Select(happened => (happened.Body.Account!.Seq, happened.Body.Account.IsActive)));
    }

    [Theory, EachDatabase]
    public async Task Commands_wait_in_their_order(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Commands.Add(fence.AccountId, CommandKind.Pair, argument: null, TestData.Cancel);
        await data.Commands.Add(fence.AccountId, CommandKind.PairCode, "40711", TestData.Cancel);

        var open = await data.Commands.Open(fence.AccountId, TestData.Cancel);
        await data.Commands.Done(fence, open[0].Id, error: null, TestData.Cancel);

        Assert.Equal([CommandKind.Pair, CommandKind.PairCode], open.Select(command => command.Kind));
        Assert.Equal("40711", Assert.Single(await data.Commands.Open(fence.AccountId, TestData.Cancel)).Argument);
        Assert.Null(await data.Commands.Add(new(99), CommandKind.Stop, argument: null, TestData.Cancel));
    }
}
