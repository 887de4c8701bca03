namespace RealtimeWa;

/// <summary>WhatsApp names a person by number, by LID or by both; here it is one thread.</summary>
public sealed class OnePersonTests
{
    private static readonly Chat ByPn = new("407@s.whatsapp.net", "407");
    private static readonly Chat ByLid = new("9@lid", Lid: "9");
    private static readonly Chat ByBoth = new("9@lid", "407", "9");

    [Theory, EachDatabase]
    public async Task A_thread_learns_the_other_name(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        foreach (var (chat, id) in new[] { (ByPn, "W1"), (ByBoth, "W2"), (ByLid, "W3"), (ByPn, "W4") })
        {
            await data.Happens(fence, Says(id, chat));
        }

        var thread = await data.OnlyThread();
        Assert.Equal((4, "407"), (thread.Unread, thread.Phone));
    }

    [Theory, EachDatabase]
    public async Task Two_threads_become_one_with_all_that_was_in_them(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, Says("W1", ByPn), new ReactionArrived("W1", ByPn, new("407"), FromMe: false, "👍", 1_500));
        await data.Happens(fence, Says("W2", ByLid), Says("W1", ByLid), new ReactionArrived("W2", ByLid, new(Lid: "9"), FromMe: false, "❤", 1_500));
        await data.Happens(fence, new MessageEdited("W5", ByLid, new(Lid: "9"), FromMe: false, "edited", 1_500));
        var threads = await data.Threads.Page(long.MaxValue, new(long.MaxValue), 10, TestData.Cancel);
        Assert.Equal(2, threads.Count);

        await data.Happens(fence, Says("W3", ByBoth), Says("W5", ByPn));

        var thread = await data.OnlyThread();
        var messages = await data.MessagesOf(thread);
        Assert.Equal(["W1", "W2", "W3", "W5"], messages.Select(message => message.WaId).Order(StringComparer.Ordinal));
        Assert.Equal(["👍", "❤"], messages.SelectMany(message => message.Reactions).Select(reaction => reaction.Emoji).OrderDescending(StringComparer.Ordinal));
        Assert.Equal("edited", messages.Single(message => message.WaId is "W5").Text);
        Assert.Equal(4, thread.Unread);
        var merged = (await data.Log(fence.AccountId)).Single(happened => happened.Body.GoneThread is not null);
        Assert.Equal(threads.Single(one => one.Id != thread.Id).Id, merged.Body.GoneThread);
        Assert.Equal(thread.Id, merged.Body.Thread!.Id);
    }

    [Theory, EachDatabase]
    public async Task A_receipt_under_an_unknown_name_still_finds_its_message(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, new MessageArrived("W1", ByPn, new(), FromMe: true, 1_000, MessageKind.Text, "hi"));

        await data.Happens(fence, new ReceiptArrived(["W1"], ByLid, new(Lid: "9"), ReceiptStatus.Read, 2_000));

        Assert.Equal(MessageStatus.Read, (await data.OnlyMessage()).Status);
        await data.Happens(fence, Says("W2", ByLid));
        Assert.Equal(2, (await data.MessagesOf(await data.OnlyThread())).Count);
    }

    [Theory, EachDatabase]
    public async Task A_number_that_went_to_somebody_else_is_another_person(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, Says("W1", ByBoth));

        await data.Happens(fence, Says("W2", new("8@lid", "407", "8")));

        var threads = await data.Threads.Page(long.MaxValue, new(long.MaxValue), 10, TestData.Cancel);
        Assert.Equal(2, threads.Count);
        Assert.Single(threads, thread => thread.Phone is "407");
    }

    [Theory, EachDatabase]
    public async Task A_title_is_the_best_name_that_is_known(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, Says("W1", ByPn));
        Assert.Equal("+407", (await data.OnlyThread()).Title);
        await data.Happens(fence, Says("W2", ByPn) with { Sender = new("407", Lid: null, "Ana") });
        Assert.Equal("Ana", (await data.OnlyThread()).Title);
        await data.Happens(fence, new ChatNamed(ByPn, "Ana from the bakery"));
        Assert.Equal("Ana from the bakery", (await data.OnlyThread()).Title);
        Assert.Equal("Ana from the bakery", (await data.Log(fence.AccountId))[^1].Body.Thread!.Title);
        await data.Happens(fence, Says("W3", ByPn) with { Sender = new("407", Lid: null, "A.") });
        Assert.Equal("Ana from the bakery", (await data.OnlyThread()).Title);
    }

    private static MessageArrived Says(string id, Chat chat) =>
        new(id, chat, new(chat.Pn, chat.Lid), FromMe: false, 1_000, MessageKind.Text, id);
}
