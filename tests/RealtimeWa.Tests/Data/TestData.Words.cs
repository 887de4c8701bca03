namespace RealtimeWa;

/// <summary>What happens, in a test's words.</summary>
internal sealed partial class TestData
{
    public static readonly Chat Ion = new("40700000001@s.whatsapp.net", "40700000001");

    public static readonly Person IonHimself = new("40700000001", Lid: null, "Ion");

    private long record;

    /// <summary>A new account, owned by a worker.</summary>
    public async Task<Fence> Owned(string worker = "w1")
    {
        var added = await Accounts.Add("Shop", instanceId: null, max: 100, Cancel);
        var leases = await Leases.Acquire(worker, 100, TimeSpan.FromMinutes(1), Cancel);
        return leases.Single(lease => lease.Fence.AccountId == added.Account!.Id).Fence;
    }

    /// <summary>The lease runs out and another worker takes the account.</summary>
    public async Task<Fence> TakenOver(string worker = "w2")
    {
        Time.Pass(TimeSpan.FromMinutes(2));
        return (await Leases.Acquire(worker, 100, TimeSpan.FromMinutes(1), Cancel))[0].Fence;
    }

    /// <summary>Saves a record as the bridge does, and gives its key.</summary>
    public async Task<string> Saved(Fence fence)
    {
        var key = $"message/{Interlocked.Increment(ref record)}/x/";
        await Keys.Commit(fence, new([], Inbound: new(key, "message", [1], [], Offline: false, Time.Now)), Cancel);
        return key;
    }

    public async Task<Ingested> Happens(Fence fence, params InboundEvent[] events) =>
        await Inbound.Ingest(fence, [new(await Saved(fence), events, Time.Now)], Cancel);

    public async Task<ThreadView> OnlyThread() => Assert.Single(await Threads.Page(long.MaxValue, new(long.MaxValue), 100, Cancel));

    public async Task<IReadOnlyList<MessageView>> MessagesOf(ThreadView thread) =>
        (await Messages.Page(thread.Id, before: null, 1000, Cancel))!.Messages;

    public async Task<MessageView> OnlyMessage() => Assert.Single(await MessagesOf(await OnlyThread()));

    public Task Connects(Fence fence, params IReadOnlyList<HistoryStep> steps) => Becomes(fence, SessionStatus.Connected, ReasonCode.Proven, steps);

    public async Task<Doorbell> Becomes(Fence fence, SessionStatus status, ReasonCode reason, params IReadOnlyList<HistoryStep> steps)
    {
        var stored = await Sessions.Load(fence.AccountId, Cancel);
        return await Sessions.Transition(
            fence, stored!.Account.Session with { Status = status, Reason = reason }, qr: null, detail: null, steps, Cancel);
    }

    public Task<AccountHistory> History(Fence fence) => Sessions.History(fence.AccountId, 100, Cancel);

    public Task<PairedResult> Links(Fence fence, string phone) =>
        Sessions.SetPaired(fence, new(phone, "9", "Shop", "{\"new\":1}"), Superseded, Cancel);

    /// <summary>What the worker's machine makes of the session of an older link.</summary>
    public static SessionView Superseded(SessionView session) => session with
    {
        Status = SessionStatus.Error,
        Reason = ReasonCode.DuplicateNumber,
        Action = OperatorAction.ContactAdmin,
        LastError = "Another account was linked later.",
    };

    /// <summary>Every event of an account, which must be 1, 2, 3 … without a gap.</summary>
    public async Task<IReadOnlyList<EventView>> Log(AccountId account)
    {
        var caught = await Events.After(account, 0, 100_000, Cancel);
        Assert.Equal(Enumerable.Range(1, caught.Events.Count).Select(number => (long)number), caught.Events.Select(happened => happened.Seq));
        return caught.Events;
    }

    public static MessageArrived Says(string id, string text, long at = 1_000, bool history = false, bool offline = false) =>
        new(id, Ion, IonHimself, FromMe: false, at, MessageKind.Text, text, QuotedId: null, offline, history);

    /// <summary>Written on our own phone.</summary>
    public static MessageArrived WeSay(string id, string text, long at = 1_000, bool history = false) =>
        new(id, Ion, new(), FromMe: true, at, MessageKind.Text, text, History: history);

    public static ReceiptArrived Receipt(string id, ReceiptStatus status, long at = 2_000) => new([id], Ion, new(Ion.Pn), status, at);
}
