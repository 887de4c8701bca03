namespace RealtimeWa;

public sealed class JournalTests
{
    private static readonly InboundRecord Stanza = new("message/1/x/", "message", [1, 2, 3], [new("aa", [10])], Offline: true, 5_000);

    [Theory, EachDatabase]
    public async Task A_saved_stanza_waits_with_its_plaintexts_until_it_is_done(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Keys.Commit(fence, new([new("session", "a", "b")], Inbound: Stanza), TestData.Cancel);
        await using var restarted = await data.OpenAnother();

        var pending = Assert.Single(await restarted.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.Equal((Stanza.Key, "message", true, 5_000L), (pending.Key, pending.Kind, pending.Offline, pending.At));
        Assert.Equal(Stanza.Node, pending.Node);
        Assert.Equal([10], Assert.Single(pending.Plaintexts).Bytes);
        await restarted.Inbound.Ingest(fence, [new(Stanza.Key, [], Stanza.At)], TestData.Cancel);
        Assert.Empty(await restarted.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.Equal([10], await restarted.Keys.Plaintext(fence.AccountId, "aa", TestData.Cancel));
    }

    /// <summary>A group stanza: the first part holds only a sender key.</summary>
    [Theory, EachDatabase]
    public async Task A_second_commit_of_a_stanza_adds_its_plaintext(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Keys.Commit(fence, new([], Inbound: Stanza), TestData.Cancel);
        await data.Keys.Commit(fence, new([], Inbound: Stanza with { Plaintexts = [new("bb", [20])] }), TestData.Cancel);
        await data.Keys.Commit(fence, new([], Inbound: Stanza), TestData.Cancel);

        var pending = Assert.Single(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.Equal(["aa", "bb"], pending.Plaintexts.Select(plaintext => plaintext.Hash));
    }

    [Theory, EachDatabase]
    public async Task A_commit_that_says_what_the_stanza_says_makes_its_rows_at_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        var ingested = await data.Keys.Commit(
            fence, new([new("session", "a", "b")], Inbound: Stanza, Events: [TestData.Says("W1", "hello")]), TestData.Cancel);

        var change = Assert.Single(await data.Log(fence.AccountId));
        Assert.Equal(new Doorbell(fence.AccountId, change.Seq), ingested?.Doorbell);
        Assert.Equal("hello", (await data.OnlyMessage()).Text);
        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.Equal([10], await data.Keys.Plaintext(fence.AccountId, "aa", TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_stanza_that_cannot_become_rows_is_saved_all_the_same(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        MessageArrived bad = new("W2", TestData.Ion, null!, FromMe: false, 1_000, MessageKind.Text, "x");

        var ingested = await data.Keys.Commit(
            fence, new([new("session", "a", "b")], Inbound: Stanza, Events: [TestData.Says("W1", "hello"), bad]), TestData.Cancel);

        Assert.Null(ingested);
        Assert.Empty(await data.Log(fence.AccountId));
        Assert.Single(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.Equal("b", (await data.Keys.Get(fence.AccountId, "session", ["a"], TestData.Cancel))["a"]);
    }

    [Theory, EachDatabase]
    public async Task Rows_come_with_a_commit_of_the_owner_alone(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await Assert.ThrowsAsync<LeaseLostException>(() => data.Keys.Commit(
            fence with { Epoch = fence.Epoch - 1 }, new([], Inbound: Stanza, Events: [TestData.Says("W1", "hello")]), TestData.Cancel));

        Assert.Empty(await data.Log(fence.AccountId));
        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_stanza_that_comes_again_after_it_was_done_is_not_pending(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([], Inbound: Stanza), TestData.Cancel);
        await data.Inbound.Ingest(fence, [new(Stanza.Key, [TestData.Says("W1", "hello")], Stanza.At)], TestData.Cancel);

        await data.Keys.Commit(fence, new([], Inbound: Stanza), TestData.Cancel);

        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
    }

    /// <summary>A bridge that died between the parts of a group's stanza: its successor replays the first while the second comes.</summary>
    [Theory, EachDatabase]
    public async Task What_the_first_part_became_does_not_close_the_second(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([], Inbound: Stanza), TestData.Cancel);
        var first = Assert.Single(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));

        await data.Keys.Commit(fence, new([], Inbound: Stanza with { Plaintexts = [new("bb", [20])], At = Stanza.At + 1 }), TestData.Cancel);
        await data.Inbound.Ingest(fence, [new(first.Key, [], first.At)], TestData.Cancel);
        await data.Inbound.Refuse(fence, first.Key, first.At, "It could not be read.", TestData.Cancel);

        var whole = Assert.Single(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.Equal(2, whole.Plaintexts.Count);
        await data.Inbound.Ingest(fence, [new(whole.Key, [TestData.Says("W1", "to all")], whole.At)], TestData.Cancel);
        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_second_part_opens_a_record_again_even_if_the_clock_went_back(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([], Inbound: Stanza), TestData.Cancel);
        await data.Inbound.Ingest(fence, [new(Stanza.Key, [], Stanza.At)], TestData.Cancel);

        await data.Keys.Commit(fence, new([], Inbound: Stanza with { Plaintexts = [new("bb", [20])], At = Stanza.At - 1_000 }), TestData.Cancel);
        await data.Inbound.Ingest(fence, [new(Stanza.Key, [], Stanza.At)], TestData.Cancel);

        var pending = Assert.Single(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        Assert.True(pending.At > Stanza.At);
    }

    [Theory, EachDatabase]
    public async Task What_is_done_is_forgotten_after_its_time_and_what_waits_is_not(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([], Inbound: Stanza, Sent: new("M1", [7])), TestData.Cancel);
        data.Time.Pass(TimeSpan.FromDays(10));

        await data.Inbound.Purge(data.Time.Now, TestData.Cancel);
        Assert.Equal([10], await data.Keys.Plaintext(fence.AccountId, "aa", TestData.Cancel));
        await data.Inbound.Ingest(fence, [new(Stanza.Key, [], Stanza.At)], TestData.Cancel);
        data.Time.Pass(TimeSpan.FromDays(10));
        await data.Inbound.Purge(data.Time.Now, TestData.Cancel);
        await data.Keys.PurgeSent(data.Time.Now, TestData.Cancel);

        Assert.Null(await data.Keys.Plaintext(fence.AccountId, "aa", TestData.Cancel));
        Assert.Equal((null, null), await data.Keys.Sent(fence.AccountId, "M1", TestData.Cancel));
    }
}
