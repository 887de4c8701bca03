namespace RealtimeWa;

public sealed class IngestTests
{
    [Theory, EachDatabase]
    public async Task A_message_becomes_contact_thread_row_and_event(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        var done = await data.Happens(fence, TestData.Says("W1", "are you there?", at: 5_000));

        var thread = await data.OnlyThread();
        Assert.Equal(("Ion", "40700000001", 1, "are you there?", 5_000L), (thread.Title, thread.Phone, thread.Unread, thread.LastText, thread.LastMessageAt));
        var happened = Assert.Single(await data.Log(fence.AccountId));
        Assert.Equal(new Doorbell(fence.AccountId, 1), done.Doorbell);
        Assert.Equal((EventKind.MessageChanged, "are you there?", thread), (happened.Kind, happened.Body.Message!.Text, happened.Body.Thread));
        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task The_same_record_again_changes_nothing_even_after_a_restart(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        var key = await data.Saved(fence);
        InboundItem item = new(
            key,
            [
                TestData.Says("W1", "hello"),
                new ReactionArrived("W1", TestData.Ion, TestData.IonHimself, FromMe: false, "👍", 1_500),
                new MessageEdited("W1", TestData.Ion, TestData.IonHimself, FromMe: false, "hello!", 1_600),
                TestData.WeSay("W2", "hi", at: 2_000),
                TestData.Receipt("W2", ReceiptStatus.Read),
            ],
            data.Time.Now);
        await data.Inbound.Ingest(fence, [item], TestData.Cancel);
        var before = await data.Log(fence.AccountId);

        await using var restarted = await data.OpenAnother();
        var again = await restarted.Inbound.Ingest(fence, [item, item], TestData.Cancel);

        Assert.Null(again.Doorbell);
        Assert.Equal(before.Count, (await data.Log(fence.AccountId)).Count);
        Assert.Equal(2, (await data.MessagesOf(await data.OnlyThread())).Count);
    }

    [Theory, EachDatabase]
    public async Task A_placeholder_is_replaced_by_its_message_and_never_the_other_way(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        PlaceholderArrived placeholder = new("W1", TestData.Ion, TestData.IonHimself, FromMe: false, 1_000);

        await data.Happens(fence, placeholder);
        Assert.Equal(MessageKind.Placeholder, (await data.OnlyMessage()).Kind);
        await data.Happens(fence, new MessageEdited("W1", TestData.Ion, TestData.IonHimself, FromMe: false, "edited", 3_000));
        await data.Happens(fence, TestData.Says("W1", "hello"));
        await data.Happens(fence, placeholder);

        var message = await data.OnlyMessage();
        Assert.Equal((MessageKind.Text, "edited", 3_000L), (message.Kind, message.Text, message.EditedAt));
        Assert.Equal(1, (await data.OnlyThread()).Unread);
    }

    [Theory, EachDatabase]
    public async Task An_item_that_fails_undoes_all_of_its_frame(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        var key = await data.Saved(fence);
        MessageArrived bad = new("W2", TestData.Ion, null!, FromMe: false, 1_000, MessageKind.Text, "x");

        await Assert.ThrowsAnyAsync<Exception>(() => data.Inbound.Ingest(fence, [new(key, [TestData.Says("W1", "hello"), bad], data.Time.Now)], TestData.Cancel));

        Assert.Empty(await data.Log(fence.AccountId));
        Assert.Single(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
        await data.Inbound.Refuse(fence, key, data.Time.Now, "It could not be read.", TestData.Cancel);
        Assert.Empty(await data.Inbound.Pending(fence.AccountId, 10, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task Typing_is_no_row_and_makes_no_thread(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        InboundItem typing = new("", [new TypingArrived(TestData.Ion, TestData.IonHimself, TypingState.Composing)], data.Time.Now);

        Assert.Empty((await data.Inbound.Ingest(fence, [typing], TestData.Cancel)).Typing);
        await data.Happens(fence, TestData.Says("W1", "hello"));
        var writes = Assert.Single((await data.Inbound.Ingest(fence, [typing], TestData.Cancel)).Typing);

        Assert.Equal(new TypingView(fence.AccountId, (await data.OnlyThread()).Id, IsComposing: true), writes);
        Assert.Single(await data.Log(fence.AccountId));
    }

    [Theory, EachDatabase]
    public async Task Ids_and_texts_of_any_length_and_kind_are_kept(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        var text = "<b>\u202e\u200b👩‍👩‍👧‍👦" + new string('ș', 60_000);

        await data.Happens(fence, TestData.Says(new string('A', 5_000), text));
        await data.Happens(fence, TestData.Says(new string('A', 5_000), "twice"));

        var message = await data.OnlyMessage();
        Assert.Equal(text, message.Text);
        Assert.True(message.WaId.Length < 128);
        Assert.Equal(200, (await data.OnlyThread()).LastText!.Length);
    }

    [Theory, EachDatabase]
    public async Task In_a_group_each_message_has_its_sender(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        Chat group = new("1203@g.us", Group: true);

        await data.Happens(
            fence,
            new ChatNamed(group, "Neighbours"),
            new MessageArrived("W1", group, new("407", "9", "Ana"), FromMe: false, 1_000, MessageKind.Text, "hi"),
            new MessageArrived("W1", group, new("408", Lid: null, "Dan"), FromMe: false, 1_000, MessageKind.Text, "hi too"));

        var thread = await data.OnlyThread();
        Assert.Equal(("Neighbours", true, 2), (thread.Title, thread.IsGroup, thread.Unread));
        Assert.Equal(["Ana", "Dan"], (await data.MessagesOf(thread)).Select(message => message.Sender));
    }
}
