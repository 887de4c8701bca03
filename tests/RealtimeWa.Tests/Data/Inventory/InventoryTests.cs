namespace RealtimeWa;

public sealed class InventoryTests
{
    [Theory, EachDatabase]
    public async Task The_database_says_what_it_is_and_counts_what_is_in_it(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned("w1");
        await data.Happens(fence, TestData.Says("A", "Are you open?"), TestData.Says("B", "Hello?"));
        var waiting = await data.Saved(fence);

        var inventory = await data.Get<InventoryStore>().Read(TestData.Cancel);

        Assert.NotEmpty(waiting);
        Assert.Equal(new InventoryCounts(Accounts: 1, Threads: 1, Messages: 2, Operators: 0, Outbox: 0, Inbound: 1, Events: (await data.Log(fence.AccountId)).Count + 1), inventory.Counts);
        Assert.Equal((dialect, Migrations.All(dialect)[^1].Version), (inventory.Database.Dialect, inventory.Database.Schema));
        Assert.NotEmpty(inventory.Database.Engine);
        Assert.True(inventory.Database.Size > 4096, "A database with a schema is larger than one page.");
    }

    [Theory, EachDatabase]
    public async Task It_says_who_holds_which_account(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned("w1");
        var free = (await data.Accounts.Add("Orders", instanceId: null, max: 100, TestData.Cancel)).Account!.Id;

        var holdings = (await data.Get<InventoryStore>().Read(TestData.Cancel)).Holdings;

        Assert.Equal([(fence.AccountId, "w1", fence.Epoch), (free, null, 0)], holdings.Select(holding => (holding.AccountId, holding.Owner, holding.Epoch)));
        Assert.True(holdings[0].Until > data.Time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
