using System.Collections.Concurrent;

namespace RealtimeWa;

public sealed class OutboxTests
{
    [Theory, EachDatabase]
    public async Task The_same_token_is_the_same_message_however_many_ask_at_once(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);

        var queued = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel)));

        Assert.Single(queued.Select(one => one.Message!.WaId).Distinct(StringComparer.Ordinal));
        Assert.Single(queued, one => one.Doorbell is not null);
        Assert.Single(await data.Outbox.Due(fence, 10, TestData.Cancel));
        await data.Log(fence.AccountId);
    }

    [Theory, EachDatabase]
    public async Task A_message_is_announced_before_it_is_durable_as_what_it_then_is(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        ConcurrentQueue<object> rung = [];
        data.Database.Bells.MessageComes += (account, draft) => rung.Enqueue((account, draft));
        data.Database.Bells.OutboxWaits += account => rung.Enqueue(account);

        await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel);

        var due = Assert.Single(await data.Outbox.Due(fence, 10, TestData.Cancel));
        Assert.Equal([(fence.AccountId, new Draft(due.WaId, due.ChatJid, due.Content)), fence.AccountId], rung);
    }

    [Theory, EachDatabase]
    public async Task A_phone_that_asks_again_gets_what_was_sent_or_what_was_to_be_sent(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel);
        var due = Assert.Single(await data.Outbox.Due(fence, 10, TestData.Cancel));
        await data.Inbound.Ingest(fence, [new("k1", [TestData.Says("THEIRS", "hello")], 1)], TestData.Cancel);

        Assert.Equal((null, due.Content), await data.Keys.Sent(fence.AccountId, due.WaId, TestData.Cancel));
        Assert.Equal((null, null), await data.Keys.Sent(fence.AccountId, "THEIRS", TestData.Cancel));

        await data.Keys.Commit(fence, new([], Sent: new(due.WaId, [7])), TestData.Cancel);
        var (proto, content) = await data.Keys.Sent(fence.AccountId, due.WaId, TestData.Cancel);
        Assert.Equal([7], proto!);
        Assert.Null(content);
    }

    [Theory, EachDatabase]
    public async Task A_message_that_can_not_be_sent_is_not_announced(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var announced = Announced(data);

        await data.Outbox.Enqueue(new(thread, "t1", " \n"), author: null, TestData.Cancel);
        await data.Outbox.Enqueue(new(new(99), "t1", "hello"), author: null, TestData.Cancel);
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.NetworkUnreachable);
        await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel);

        Assert.Empty(announced);
    }

    [Theory, EachDatabase]
    public async Task What_a_used_token_announces_is_never_sent(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var announced = Announced(data);

        await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel);
        await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel);

        var due = Assert.Single(await data.Outbox.Due(fence, 10, TestData.Cancel));
        Assert.Single(announced, draft => string.Equals(draft.WaId, due.WaId, StringComparison.Ordinal));
        Assert.Equal(announced.First().WaId, due.WaId);
    }

    [Theory, EachDatabase]
    public async Task A_message_goes_from_queued_to_sent_and_each_step_is_an_event(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var queued = (await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel)).Message!;
        var due = Assert.Single(await data.Outbox.Due(fence, 10, TestData.Cancel));
        Assert.Equal(("{\"text\":\"hello\"}", "40700000001@s.whatsapp.net", queued.WaId), (due.Content, due.ChatJid, due.WaId));

        Assert.True(await data.Outbox.MarkWriting(fence, due.MessageId, TestData.Cancel));
        Assert.False(await data.Outbox.MarkWriting(fence, due.MessageId, TestData.Cancel));
        await data.Outbox.MarkWritten(fence, due.MessageId, TestData.Cancel);
        await data.Outbox.MarkAcked(fence, due.WaId, TestData.Cancel);

        Assert.Null(await data.Outbox.MarkAcked(fence, due.WaId, TestData.Cancel));
        Assert.Empty(await data.Outbox.Due(fence, 10, TestData.Cancel));
        var statuses = (await data.Log(fence.AccountId)).Where(happened => happened.Body.Message?.Id == queued.Id).Select(happened => happened.Body.Message!.Status);
        Assert.Equal([MessageStatus.Queued, MessageStatus.Sending, MessageStatus.Sent], statuses);
    }

    [Theory, EachDatabase]
    public async Task An_ack_that_is_faster_than_its_writing_is_not_undone(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var queued = (await data.Outbox.Enqueue(new(thread, "t1", "hello"), author: null, TestData.Cancel)).Message!;
        await data.Outbox.MarkWriting(fence, queued.Id, TestData.Cancel);
        await data.Outbox.MarkAcked(fence, queued.WaId, TestData.Cancel);

        Assert.Null(await data.Outbox.MarkWritten(fence, queued.Id, TestData.Cancel));

        Assert.Equal(MessageStatus.Sent, (await data.Messages.Find(queued.Id, TestData.Cancel))!.Status);
        Assert.Equal(0, await data.Outbox.Requeue(fence, long.MaxValue, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task What_was_not_acknowledged_is_due_again_under_its_id(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var first = (await data.Outbox.Enqueue(new(thread, "t1", "one"), author: null, TestData.Cancel)).Message!;
        var second = (await data.Outbox.Enqueue(new(thread, "t2", "two"), author: null, TestData.Cancel)).Message!;
        await data.Outbox.MarkWriting(fence, first.Id, TestData.Cancel);
        await data.Outbox.MarkWritten(fence, first.Id, TestData.Cancel);
        await data.Outbox.MarkWriting(fence, second.Id, TestData.Cancel);
        var current = await data.TakenOver();

        Assert.Equal(2, await data.Outbox.Requeue(current, data.Time.Now, TestData.Cancel));

        var due = await data.Outbox.Due(current, 10, TestData.Cancel);
        Assert.Equal([(first.WaId, 1), (second.WaId, 1)], due.Select(item => (item.WaId, item.Attempts)));
    }

    [Theory, EachDatabase]
    public async Task A_retry_waits_for_its_time(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var queued = (await data.Outbox.Enqueue(new(thread, "t1", "one"), author: null, TestData.Cancel)).Message!;
        await data.Outbox.MarkWriting(fence, queued.Id, TestData.Cancel);

        await data.Outbox.Retry(fence, queued.Id, data.Time.Now + 5_000, "timeout", TestData.Cancel);

        Assert.Empty(await data.Outbox.Due(fence, 10, TestData.Cancel));
        Assert.Equal(data.Time.Now + 5_000, await data.Outbox.NextDue(fence.AccountId, TestData.Cancel));
        data.Time.Pass(TimeSpan.FromSeconds(5));
        Assert.Single(await data.Outbox.Due(fence, 10, TestData.Cancel));
        Assert.Equal([fence.AccountId], await data.Outbox.Waiting(TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task An_account_that_does_not_come_back_leaves_unknown_and_a_receipt_resolves_it(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var queued = (await data.Outbox.Enqueue(new(thread, "t1", "one"), author: null, TestData.Cancel)).Message!;
        await data.Outbox.MarkWriting(fence, queued.Id, TestData.Cancel);
        await data.Outbox.MarkWritten(fence, queued.Id, TestData.Cancel);

        Assert.NotNull(await data.Outbox.MarkUnknown(fence, data.Time.Now, TestData.Cancel));
        Assert.Null(await data.Outbox.MarkUnknown(fence, data.Time.Now, TestData.Cancel));
        Assert.Equal(MessageStatus.Unknown, (await data.Messages.Find(queued.Id, TestData.Cancel))!.Status);
        await data.Happens(fence, TestData.Receipt(queued.WaId, ReceiptStatus.Delivered));

        Assert.Equal(MessageStatus.Delivered, (await data.Messages.Find(queued.Id, TestData.Cancel))!.Status);
        Assert.Empty(await data.Outbox.Due(fence, 10, TestData.Cancel));
        Assert.Equal(0, await data.Outbox.Requeue(fence, long.MaxValue, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_refusal_is_shown_with_its_sentence(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var queued = (await data.Outbox.Enqueue(new(thread, "t1", "one"), author: null, TestData.Cancel)).Message!;

        await data.Outbox.MarkRefused(fence, queued.WaId, "WhatsApp refused this message.", TestData.Cancel);

        var message = await data.Messages.Find(queued.Id, TestData.Cancel);
        Assert.Equal((MessageStatus.Failed, "WhatsApp refused this message."), (message!.Status, message.Error));
        Assert.Equal(MessageStatus.Failed, (await data.OnlyThread()).LastStatus);
    }

    [Theory, EachDatabase]
    public async Task The_echo_of_an_own_message_is_that_message(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var (fence, thread) = await Open(data);
        var queued = (await data.Outbox.Enqueue(new(thread, "t1", "one"), author: null, TestData.Cancel)).Message!;

        await data.Happens(fence, new MessageArrived(queued.WaId, new("9@lid", Lid: "9"), new(), FromMe: true, 2_000, MessageKind.Text, "one"));

        Assert.Equal(MessageStatus.Sent, (await data.Messages.Find(queued.Id, TestData.Cancel))!.Status);
        Assert.Equal(2, (await data.MessagesOf(await data.OnlyThread())).Count);
    }

    [Theory, EachDatabase]
    public async Task Nothing_is_queued_that_can_not_be_sent(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, TestData.Says("W1", "hello"));
        var thread = (await data.OnlyThread()).Id;

        Assert.Equal(SendRefusal.NotConnected, (await data.Outbox.Enqueue(new(thread, "t1", "one"), author: null, TestData.Cancel)).Refusal);
        await data.Connects(fence);
        Assert.Equal(SendRefusal.Empty, (await data.Outbox.Enqueue(new(thread, "t1", " \n"), author: null, TestData.Cancel)).Refusal);
        Assert.Equal(SendRefusal.TooLong, (await data.Outbox.Enqueue(new(thread, "t1", new string('x', 65_537)), author: null, TestData.Cancel)).Refusal);
        Assert.Equal(SendRefusal.NotFound, (await data.Outbox.Enqueue(new(new(99), "t1", "one"), author: null, TestData.Cancel)).Refusal);
        Assert.Empty(await data.Outbox.Due(fence, 10, TestData.Cancel));
    }

    private static ConcurrentQueue<Draft> Announced(TestData data)
    {
        ConcurrentQueue<Draft> announced = [];
        data.Database.Bells.MessageComes += (_, draft) => announced.Enqueue(draft);
        return announced;
    }

    private static async Task<(Fence Fence, ThreadId Thread)> Open(TestData data)
    {
        var fence = await data.Owned();
        await data.Connects(fence);
        await data.Happens(fence, TestData.Says("W1", "hello"));
        return (fence, (await data.OnlyThread()).Id);
    }
}
