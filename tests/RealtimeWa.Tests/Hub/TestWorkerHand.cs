namespace RealtimeWa;

/// <summary>A worker's writing hand, moved by a test.</summary>
internal sealed class TestWorkerHand(TestApp app)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly Dictionary<AccountId, Fence> held = [];

    private long record;

    private static CancellationToken Cancel => TestApp.Cancel;

    /// <summary>A new account that this worker holds.</summary>
    public async Task<AccountView> AddAsync(string label = "Shop", string? instanceId = null)
    {
        var added = await app.Get<AccountStore>().Add(label, instanceId, max: 1000, Cancel);
        await HoldAsync(added.Account!.Id);
        return added.Account;
    }

    /// <summary>One whose phone was linked and that is connected.</summary>
    public async Task<AccountView> AddConnectedAsync(string phone = "40737571397", string label = "Shop", string? instanceId = null)
    {
        var account = await AddAsync(label, instanceId);
        await LinkAsync(account.Id, phone);
        return await BecomeAsync(account.Id, SessionStatus.Connected, ReasonCode.Proven);
    }

    public async Task LinkAsync(AccountId account, string phone) =>
        await app.Get<SessionStore>().SetPaired(held[account], new Paired(phone, Lid: null, Name: null, Creds: "{}"), static older => older, Cancel);

    public async Task<AccountView> BecomeAsync(AccountId account, SessionStatus status, ReasonCode reason, string? lastError = null, QrView? qr = null)
    {
        await HoldAsync(account);
        var session = (await app.Get<AccountStore>().Find(account, Cancel))!.Session with
        {
            Status = status,
            Reason = reason,
            LastError = lastError,
            QrStatus = qr is null ? QrStatus.None : QrStatus.Generated,
        };
        await app.Get<SessionStore>().Transition(held[account], session, qr, detail: null, Cancel);
        return (await app.Get<AccountStore>().Find(account, Cancel))!;
    }

    /// <summary>Shows a code until it is told otherwise.</summary>
    public Task<AccountView> ShowQrAsync(AccountId account, string code) => BecomeAsync(
        account, SessionStatus.QrRequired, ReasonCode.WaitingForScan, lastError: null, new QrView(code, PairCode: null, Now() + (long)Long.TotalMilliseconds));

    /// <summary>All codes of a round were shown and none was scanned.</summary>
    public async Task ExpireQrAsync(AccountId account)
    {
        var session = (await app.Get<AccountStore>().Find(account, Cancel))!.Session with
        {
            Status = SessionStatus.Disconnected,
            Reason = ReasonCode.QrExpired,
            QrStatus = QrStatus.Expired,
        };
        await HoldAsync(account);
        await app.Get<SessionStore>().Transition(held[account], session, qr: null, detail: null, Cancel);
    }

    /// <summary>A customer writes; the thread that it went to.</summary>
    public async Task<ThreadView> HearsAsync(AccountId account, string text, string phone = "40700000001")
    {
        var key = $"message/{Interlocked.Increment(ref record)}/x/";
        await app.Get<SessionKeyStore>().Commit(
            held[account], new([], Inbound: new(key, "message", [1], [], Offline: false, Now())), Cancel);
        var chat = new Chat($"{phone}@s.whatsapp.net", phone);
        await app.Get<InboundStore>().Ingest(
            held[account],
            [new(key, [new MessageArrived(key, chat, new(phone, Lid: null, "Ion"), FromMe: false, Now(), MessageKind.Text, text, QuotedId: null, false, false)], Now())],
            Cancel);
        var threads = await app.Get<ThreadStore>().Page(long.MaxValue, new(long.MaxValue), 1000, Cancel);
        return threads.First(thread => thread.AccountId == account && string.Equals(thread.Phone, phone, StringComparison.Ordinal));
    }

    /// <summary>The worker dies: nobody renews, and its lease is over.</summary>
    public async Task LetGoAsync(AccountId account) => await app.Get<LeaseStore>().Release(held[account], Cancel);

    private async Task HoldAsync(AccountId account)
    {
        if (held.ContainsKey(account))
        {
            return;
        }

        foreach (var lease in await app.Get<LeaseStore>().Acquire("w1", 1000, Long, Cancel))
        {
            held[lease.Fence.AccountId] = lease.Fence;
        }
    }

    private long Now() => app.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
}
