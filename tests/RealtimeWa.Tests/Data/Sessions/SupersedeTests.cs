namespace RealtimeWa;

/// <summary>One phone is linked to one account: the newest link wins.</summary>
public sealed class SupersedeTests
{
    [Theory, EachDatabase]
    public async Task The_owner_of_the_older_link_is_asked_to_close_it(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var older = await data.Owned();
        var newer = await data.Owned();
        await data.Links(older, "40711");
        await data.Connects(older);

        var linked = await data.Links(newer, "40711");

        Assert.Equal([older.AccountId], linked.Superseded);
        Assert.Equal([newer.AccountId], linked.Doorbells.Select(bell => bell.AccountId));
        var asked = Assert.Single(await data.Commands.Open(older.AccountId, TestData.Cancel));
        Assert.Equal((CommandKind.Supersede, newer.AccountId.ToString()), (asked.Kind, asked.Argument));
        Assert.Equal(SessionStatus.Connected, (await data.Accounts.Find(older.AccountId, TestData.Cancel))!.Session.Status);
        Assert.NotNull(await data.Keys.Creds(newer.AccountId, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task An_older_link_that_nobody_owns_says_so_at_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var older = await data.Owned();
        await data.Happens(older, TestData.Says("A1", "what was said stays"));
        await data.Links(older, "40711");
        await data.Connects(older);
        await data.Leases.Release(older, TestData.Cancel);
        var newer = await data.Owned("w2");

        // The same worker took both; the older one's lease is given back again.
        await data.Leases.Release(older with { Epoch = older.Epoch + 1, WorkerId = "w2" }, TestData.Cancel);
        var linked = await data.Links(newer, "40711");

        var session = (await data.Accounts.Find(older.AccountId, TestData.Cancel))!.Session;
        Assert.Equal((SessionStatus.Error, ReasonCode.DuplicateNumber), (session.Status, session.Reason));
        Assert.Contains(linked.Doorbells, bell => bell.AccountId == older.AccountId);
        Assert.Equal(ReasonCode.DuplicateNumber, (await data.Log(older.AccountId))[^1].Body.Session!.Reason);
        Assert.Equal(ReasonCode.DuplicateNumber, (await data.Sessions.History(older.AccountId, 10, TestData.Cancel)).Transitions[0].Reason);
        Assert.Single(await data.Commands.Open(older.AccountId, TestData.Cancel));
        Assert.Equal("what was said stays", (await data.OnlyMessage()).Text);
    }

    [Theory, EachDatabase]
    public async Task What_was_closed_before_or_was_never_linked_is_left_alone(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var closed = await data.Owned();
        var deleted = await data.Owned();
        var other = await data.Owned();
        var newer = await data.Owned();
        await data.Links(closed, "40711");
        await data.Becomes(closed, SessionStatus.Error, ReasonCode.DuplicateNumber);
        await data.Links(deleted, "40711");
        await data.Accounts.Delete(deleted.AccountId, TestData.Cancel);
        await data.Links(other, "40722");

        var linked = await data.Links(newer, "40711");
        var again = await data.Links(newer, "40711");

        Assert.Empty(linked.Superseded);
        Assert.Empty(again.Superseded);
    }

    [Theory, EachDatabase]
    public async Task The_newest_link_wins_whichever_account_is_older(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var first = await data.Owned();
        var second = await data.Owned();
        await data.Links(second, "40711");

        Assert.Equal([second.AccountId], (await data.Links(first, "40711")).Superseded);
    }
}
