using RealtimeWa.Processes;

namespace RealtimeWa.Shop;

/// <summary>What happens, in a test's words.</summary>
internal sealed partial class OpenShop
{
    private long record;

    /// <summary>A number that is linked and connected.</summary>
    public async Task<Fence> LinkedAsync(string label, string phone)
    {
        var account = (await Get<AccountStore>().Add(label, instanceId: null, max: 100, Ends)).Account!;
        var leases = await Get<LeaseStore>().Acquire("test", 100, TimeSpan.FromHours(1), Ends);
        var fence = leases.Single(lease => lease.Fence.AccountId == account.Id).Fence;
        await Get<SessionStore>().SetPaired(fence, new(phone, Lid: null, Name: null, Creds: "{}"), static session => session, Ends);
        await BecomesAsync(fence, SessionStatus.Connected, ReasonCode.Proven);
        return fence;
    }

    public Task BecomesAsync(Fence fence, SessionStatus status, ReasonCode reason, OperatorAction action = OperatorAction.None)
    {
        var now = Now;
        return ChangesAsync(fence, session => session with
        {
            Status = status,
            Reason = reason,
            Action = action,
            Since = now,
            UpdatedAt = now,
            LastProofAt = status == SessionStatus.Connected ? now : session.LastProofAt,
            LastConnectedAt = status == SessionStatus.Connected ? now : session.LastConnectedAt,
        });
    }

    /// <param name="steps">What begins or ends with it, for the history.</param>
    public async Task ChangesAsync(Fence fence, Func<SessionView, SessionView> change, params HistoryStep[] steps)
    {
        var session = (await Get<SessionStore>().Load(fence.AccountId, Ends))!.Account.Session;
        await Get<SessionStore>().Transition(fence, change(session), qr: null, detail: null, steps, Ends);
    }

    /// <summary>A customer writes.</summary>
    public Task SaysAsync(Fence fence, string customer, string id, string text, long? at = null) =>
        HappensAsync(fence, Said(customer, id, text, at ?? Now));

    public static MessageArrived Said(string customer, string id, string text, long at) =>
        new(id, ChatOf(customer), PersonOf(customer), FromMe: false, at, MessageKind.Text, text);

    public async Task HappensAsync(Fence fence, params InboundEvent[] events)
    {
        var key = $"message/{Interlocked.Increment(ref record)}/x/";
        await Get<SessionKeyStore>().Commit(fence, new([], Inbound: new(key, "message", [1], [], Offline: false, Now)), Ends);
        await Get<InboundStore>().Ingest(fence, [new(key, events, Now)], Ends);
    }

    /// <summary>The message that waits is written to WhatsApp and acknowledged; gives its WhatsApp id.</summary>
    public async Task<string> SentAsync(Fence fence)
    {
        var outbox = Get<OutboxStore>();
        var waiting = await Eventually.Async(() => outbox.Due(fence, 1, Ends), due => due.Count > 0, "a message waits to be sent", Ends);
        await outbox.MarkWriting(fence, waiting[0].MessageId, Ends);
        await outbox.MarkWritten(fence, waiting[0].MessageId, Ends);
        await outbox.MarkAcked(fence, waiting[0].WaId, Ends);
        return waiting[0].WaId;
    }

    /// <summary>The customer of that name has a number made from it.</summary>
    public static Chat ChatOf(string customer) => new($"{Number(customer)}@s.whatsapp.net", Number(customer));

    public static Person PersonOf(string customer) => new(Number(customer), Lid: null, customer);

    /// <summary>Numbers that Ofcom keeps for stories: nobody has them.</summary>
    private static string Number(string customer) => $"44770090{customer.Sum(letter => letter) % 10_000:0000}";

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
