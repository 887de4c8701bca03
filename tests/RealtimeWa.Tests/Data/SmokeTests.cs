namespace RealtimeWa;

public sealed class SmokeTests
{
    [Fact]
    public async Task A_message_comes_in_and_one_goes_out()
    {
        await using var data = await TestData.Open();
        var cancel = TestData.Cancel;
        var added = await data.Get<AccountStore>().Add("Shop", null, 30, cancel);
        var account = added.Account!.Id;
        var lease = Assert.Single(await data.Get<LeaseStore>().Acquire("w1", 10, TimeSpan.FromMinutes(1), cancel));
        var keys = data.Get<SessionKeyStore>();
        await keys.Commit(
            lease.Fence,
            new([new("session", "a", "x"), new("pre-key", "1", "y")], "{}", new("message/1", "message", [1, 2], [new("h", [3])], false, 5), new("m", [9])),
            cancel);
        Assert.Equal("x", (await keys.Get(account, "session", ["a", "b"], cancel))["a"]);
        Assert.Equal("{}", await keys.Creds(account, cancel));
        Assert.Equal([9], await keys.Sent(account, "m", cancel));
        Assert.Equal([3], await keys.Plaintext(account, "h", cancel));
        var inbound = data.Get<InboundStore>();
        Assert.Single(await inbound.Pending(account, 10, cancel));
        var done = await inbound.Ingest(
            lease.Fence,
            [new("message/1", [new MessageArrived("W1", new("407@s.whatsapp.net", "407"), new("407", null, "Ion"), false, 1000, MessageKind.Text, "hello")])],
            cancel);
        Assert.Equal(1, done.Doorbell!.Seq);
        Assert.Empty(await inbound.Pending(account, 10, cancel));
        var snapshot = await data.Get<SnapshotStore>().Read(10, cancel);
        var thread = Assert.Single(snapshot.Threads);
        Assert.Equal(("Ion", 1), (thread.Title, thread.Unread));
        var session = (await data.Get<SessionStore>().Load(account, cancel))!.Account.Session;
        await data.Get<SessionStore>().Transition(
            lease.Fence, session with { Status = SessionStatus.Connected, Reason = ReasonCode.Proven }, null, null, cancel);
        var outbox = data.Get<OutboxStore>();
        var queued = await outbox.Enqueue(new(thread.Id, "t1", "hi"), null, cancel);
        var due = Assert.Single(await outbox.Due(lease.Fence, 10, cancel));
        Assert.True(await outbox.MarkWriting(lease.Fence, due.MessageId, cancel));
        Assert.NotNull(await outbox.MarkWritten(lease.Fence, due.MessageId, cancel));
        Assert.NotNull(await outbox.MarkAcked(lease.Fence, due.WaId, cancel));
        await inbound.Ingest(
            lease.Fence,
            [new("receipt/1", [new ReceiptArrived([due.WaId], new("9@lid", null, "9"), new(null, "9"), ReceiptStatus.Read, 2000)])],
            cancel);
        var page = await data.Get<MessageStore>().Page(thread.Id, null, 50, cancel);
        Assert.Equal(MessageStatus.Read, page!.Messages[1].Status);
        Assert.NotNull((await data.Get<ThreadStore>().MarkRead(thread.Id, queued.Message!.Id, cancel))!.Doorbell);
        Assert.Single(await data.Get<CommandStore>().Open(account, cancel));
        var caught = await data.Get<EventStore>().After(account, 0, 500, cancel);
        Assert.Equal(Enumerable.Range(1, caught.Events.Count).Select(n => (long)n), caught.Events.Select(e => e.Seq));
        Assert.NotNull(await data.Get<AccountStore>().Delete(account, cancel));
        Assert.Null(await data.Get<AccountStore>().Find(account, cancel));
    }
}
