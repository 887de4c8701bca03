namespace RealtimeWa;

public sealed class UnreadTests
{
    [Theory, EachDatabase]
    public async Task Customers_raise_it_live_and_offline_and_nothing_else_does(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Happens(
            fence,
            TestData.Says("W1", "old", at: 1_000, history: true),
            TestData.WeSay("W2", "old answer", at: 2_000, history: true),
            TestData.Says("W3", "live", at: 3_000),
            TestData.Says("W4", "while you were away", at: 4_000, offline: true),
            new ReactionArrived("W2", TestData.Ion, TestData.IonHimself, FromMe: false, "👍", 5_000),
            new MessageEdited("W3", TestData.Ion, TestData.IonHimself, FromMe: false, "live!", 6_000));

        Assert.Equal(2, (await data.OnlyThread()).Unread);
    }

    [Theory, EachDatabase]
    public async Task An_answer_from_the_phone_leaves_what_came_after_it(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Happens(fence, TestData.Says("W1", "one", at: 1_000), TestData.Says("W3", "three", at: 3_000));
        await data.Happens(fence, TestData.WeSay("W2", "answer", at: 2_000));
        Assert.Equal(1, (await data.OnlyThread()).Unread);

        // It comes late, from before the answer.
        await data.Happens(fence, TestData.Says("W0", "zero", at: 500, offline: true));
        Assert.Equal(1, (await data.OnlyThread()).Unread);
    }

    [Theory, EachDatabase]
    public async Task Reading_on_another_device_resets_it_also_when_that_is_known_first(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, TestData.Says("W1", "one", at: 1_000), TestData.Says("W2", "two", at: 2_000), TestData.Says("W3", "three", at: 3_000));

        await data.Happens(fence, new ReceiptArrived(["W2"], TestData.Ion, new(), ReceiptStatus.Read, 4_000, FromMe: true));
        Assert.Equal(1, (await data.OnlyThread()).Unread);

        await data.Happens(fence, new ReceiptArrived(["W4"], TestData.Ion, new(), ReceiptStatus.Read, 6_000, FromMe: true));
        await data.Happens(fence, TestData.Says("W4", "four", at: 5_000));
        Assert.Equal(1, (await data.OnlyThread()).Unread);
    }

    [Theory, EachDatabase]
    public async Task Our_own_phone_getting_a_message_is_no_delivery(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, TestData.WeSay("W1", "hello"));

        await data.Happens(fence, new ReceiptArrived(["W1"], TestData.Ion, new(), ReceiptStatus.Delivered, 2_000, FromMe: true));

        Assert.Equal(MessageStatus.Sent, (await data.OnlyMessage()).Status);
    }

    [Theory, EachDatabase]
    public async Task Reading_here_resets_it_and_tells_WhatsApp_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, TestData.Says("W1", "one", at: 1_000), TestData.Says("W2", "two", at: 2_000), TestData.Says("W3", "three", at: 3_000));
        var thread = await data.OnlyThread();
        var second = (await data.MessagesOf(thread))[1];

        var read = await data.Threads.MarkRead(thread.Id, second.Id, TestData.Cancel);
        var again = await data.Threads.MarkRead(thread.Id, second.Id, TestData.Cancel);

        Assert.True(read!.CommandWaits);
        Assert.Null(again!.Doorbell);
        Assert.Equal(1, (await data.OnlyThread()).Unread);
        var command = Assert.Single(await data.Commands.Open(fence.AccountId, TestData.Cancel));
        Assert.Equal("{\"messages\":[{\"chat\":\"40700000001@s.whatsapp.net\",\"id\":\"W1\"},{\"chat\":\"40700000001@s.whatsapp.net\",\"id\":\"W2\"}]}", command.Argument);
        Assert.Null(await data.Threads.MarkRead(new(99), second.Id, TestData.Cancel));
    }
}
