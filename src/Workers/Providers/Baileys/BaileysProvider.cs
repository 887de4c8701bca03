using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>WhatsApp through Baileys in a Node child. The keys go straight to the database, past every mailbox, under the account's fence.</summary>
internal sealed partial class BaileysProvider : IProvider, IAsyncDisposable
{
    private readonly ConcurrentDictionary<AccountId, Link> links = new();
    private readonly SessionKeyStore keys;
    private readonly BridgeOptions options;
    private readonly BridgePool bridges;
    private readonly ILogger<BaileysProvider> logger;
    private readonly TimeProvider time;

    public BaileysProvider(SessionKeyStore keys, IOptions<BridgeOptions> options, ILogger<BaileysProvider> logger, TimeProvider time)
    {
        this.keys = keys;
        this.options = options.Value;
        this.logger = logger;
        this.time = time;
        bridges = new BridgePool(this.options, OnRequest, OnDied, logger, time);
    }

    public async Task StartAsync(HeldLease lease, bool fresh, ProviderListener listener, CancellationToken cancellationToken)
    {
        // What the connection before had asked to save comes first: an older ratchet must neither be read now nor come back later.
        var bridge = await RunningAsync(bridges.Place(lease.AccountId).GetAsync(cancellationToken));
        if (links.TryGetValue(lease.AccountId, out var before))
            await before.SettledAsync();

        var creds = fresh ? null : await keys.Creds(lease.AccountId, cancellationToken);
        var link = new Link(lease, listener);
        links[lease.AccountId] = link;
        var config = new StartConfig(
            options.WebSocketUrl,
            options.RootPublicKey,
            options.DeviceName,
            (int)options.QueryTimeout.TotalMilliseconds,
            (int?)options.QrTimeout?.TotalMilliseconds,
            options.History);
        await bridge.AskAsync(
            "start", lease, new StartBody(creds, config), BridgeJson.Default.StartBody, BridgeJson.Default.Nothing, cancellationToken, onAnswered: link.Started);

        // Its end was noticed before its answer was read: nobody was told then, since this connection had not begun.
        if (bridge.Ended.IsCompleted)
            throw new ProviderRefusedException(ProviderRefusal.Failed, Reasons.Sentence(ReasonCode.BridgeStopped)!);
    }

    public async Task StopAsync(HeldLease lease, bool logout, CancellationToken cancellationToken)
    {
        if (links.TryGetValue(lease.AccountId, out var link) && link.Lease == lease)
            link.Ended();
        if (bridges.Find(lease.AccountId) is not { } place)
            return;

        await place.Running.AskAsync(
            "stop", lease, new StopBody(logout), BridgeJson.Default.StopBody, BridgeJson.Default.Nothing, cancellationToken);
    }

    public async Task<Secret> PairCodeAsync(HeldLease lease, Secret phone, CancellationToken cancellationToken)
    {
        var answer = await Running(lease).AskAsync(
            "pair-code", lease, new PairCodeBody(phone.Text), BridgeJson.Default.PairCodeBody, BridgeJson.Default.PairCodeAnswer, cancellationToken);
        return new Secret(answer.Code);
    }

    public async Task<Proof> ProbeAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var bridge = Running(lease);
        var answer = await bridge.AskAsync(
            "probe", lease, Nothing.Instance, BridgeJson.Default.Nothing, BridgeJson.Default.ProbeAnswer, cancellationToken);
        var stats = await bridge.StatsAsync(cancellationToken);
        return new Proof(TimeSpan.FromMilliseconds(answer.Ms), stats.RssBytes);
    }

    public void Prepare(HeldLease lease, OutgoingMessage message) => _ = PrepareAsync(lease, message);

    public Task SendAsync(HeldLease lease, OutgoingMessage message, CancellationToken cancellationToken) =>
        AskAsync("send", lease, message, cancellationToken);

    public Task MarkReadAsync(HeldLease lease, IReadOnlyList<ReadMessage> messages, CancellationToken cancellationToken) => Running(lease).AskAsync(
        "read", lease, new ReadBody(messages), BridgeJson.Default.ReadBody, BridgeJson.Default.Nothing, cancellationToken);

    public Task ReplayAsync(HeldLease lease, IReadOnlyList<InboundRecord> records, CancellationToken cancellationToken) => Running(lease).AskAsync(
        "replay", lease, new ReplayBody(records), BridgeJson.Default.ReplayBody, BridgeJson.Default.Nothing, cancellationToken);

    public async Task RenewedAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        if (bridges.Find(lease.AccountId) is not null && links.TryGetValue(lease.AccountId, out var link) && !link.IsOver)
            await Running(lease).AskAsync("lease", lease, Nothing.Instance, BridgeJson.Default.Nothing, BridgeJson.Default.Nothing, cancellationToken);
    }

    public void Forget(AccountId account)
    {
        links.TryRemove(account, out _);
        bridges.Leave(account);
        keys.Forget(account);
    }

    /// <summary>The process that runs for the account, if one does.</summary>
    public int? ProcessOf(AccountId account) => bridges.Find(account)?.ProcessId;

    public Task CheckAsync(CancellationToken cancellationToken) => bridges.CheckAsync(cancellationToken);

    public ValueTask DisposeAsync() => bridges.DisposeAsync();

    private Task<Nothing> AskAsync(string op, HeldLease lease, OutgoingMessage message, CancellationToken cancellationToken) => Running(lease).AskAsync(
        op,
        lease,
        new SendBody(message.Id, message.Chat, message.Content),
        BridgeJson.Default.SendBody,
        BridgeJson.Default.Nothing,
        cancellationToken);

    private async Task PrepareAsync(HeldLease lease, OutgoingMessage message)
    {
        try
        {
            await AskAsync("prepare", lease, message, CancellationToken.None);
        }
        catch (ProviderRefusedException)
        {
            // Whoever sends it hears why.
        }
    }

    private static async Task<BridgeProcess> RunningAsync(Task<BridgeProcess> starting)
    {
        try
        {
            return await starting;
        }
        catch (BridgeRefusedException refused)
        {
            throw new ProviderRefusedException(refused.IsPassing ? ProviderRefusal.Failed : ProviderRefusal.CannotRun, refused.Message, refused);
        }
    }

    private BridgeProcess Running(HeldLease lease) =>
        (bridges.Find(lease.AccountId) ?? throw new ProviderRefusedException(ProviderRefusal.NotOpen, "The account is not connected.")).Running;

    private void OnDied(AccountId account, string? sentence)
    {
        if (links.TryGetValue(account, out var link) && link.IsLive)
            Observe(link.Say(new ProviderEvent.Changed(new SessionEvent.BridgeDied(sentence))));
    }

    // On the bridge's reading thread: what must keep its order is handed on here, before anything is awaited.
    private void OnRequest(BridgeProcess bridge, in FrameHead head)
    {
        var id = head.Id!.Value;
        if (!links.TryGetValue(new AccountId(head.Account), out var link) || link.Lease.Fence.Epoch != head.Epoch || !link.Lease.IsHeld)
        {
            bridge.Refuse(id, "lease_lost", "This worker no longer owns the account.");
            return;
        }

        var lease = link.Lease;
        switch (head.Event)
        {
            case "commit":
                link.Saves(CommitAsync(bridge, id, link, Body(head, BridgeJson.Default.KeyCommit)));
                break;
            case "keys":
                var wanted = Body(head, BridgeJson.Default.KeysBody);
                _ = AnswerAsync(bridge, id, keys.Get(lease.AccountId, wanted.Type, wanted.Ids, CancellationToken.None), static found => new KeysAnswer(found), BridgeJson.Default.KeysAnswer);
                break;
            case "plaintext":
                var hash = Body(head, BridgeJson.Default.PlaintextBody).Hash;
                _ = AnswerAsync(bridge, id, keys.Plaintext(lease.AccountId, hash, CancellationToken.None), static found => new PlaintextAnswer(found), BridgeJson.Default.PlaintextAnswer);
                break;
            case "sent":
                var sent = Body(head, BridgeJson.Default.SentBody).MessageId;
                _ = AnswerAsync(bridge, id, keys.Sent(lease.AccountId, sent, CancellationToken.None), static found => new SentAnswer(found.Proto, found.Content), BridgeJson.Default.SentAnswer);
                break;
            case "inbound":
                var items = Body(head, BridgeJson.Default.InboundBody).Items;
                _ = SayAsync(bridge, id, link, new ProviderEvent.Arrived([.. items.Select(Item)]));
                break;
            case "ack":
                var ack = Body(head, BridgeJson.Default.AckBody);
                _ = SayAsync(bridge, id, link, new ProviderEvent.Acknowledged(ack.MessageId, ack.Error));
                break;
            case "state":
                var state = Body(head, BridgeJson.Default.StateBody);
                var said = link.IsLive ? BaileysStates.Read(state, link, time) : null;
                if (said is null && state.State is "paired")
                    bridge.Refuse(id, "refused", "Another connection took its place; the phone must not be told that it is linked.");
                else if (said is null)
                    bridge.Answer(id, Nothing.Instance, BridgeJson.Default.Nothing);
                else
                    _ = SayAsync(bridge, id, link, said);
                break;
            default:
                throw new JsonException("An event of no known kind.");
        }
    }

    private static T Body<T>(in FrameHead head, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(head.Body, type) ?? throw new JsonException("An empty body.");

    // A record with further events in the next frame is done with its last one.
    private static InboundItem Item(WireItem item) => new(item.More ? "" : item.Key, item.Events, item.At);

    private async Task CommitAsync(BridgeProcess bridge, long id, Link link, KeyCommit commit)
    {
        try
        {
            var item = commit.Item;
            var ingested = await keys.Commit(link.Lease.Fence, commit, CancellationToken.None);
            if (item is not null && ingested is not null)
                Observe(link.Say(new ProviderEvent.Kept(ingested, item)));
            bridge.Answer(id, new CommitAnswer(item is not null && ingested is null ? true : null), BridgeJson.Default.CommitAnswer);
        }
        catch (Exception failure)
        {
            if (failure is not LeaseLostException)
                link.StorageRefused = true;
            Refuse(bridge, id, failure);
        }
    }

    private async Task AnswerAsync<TFound, TAnswer>(
        BridgeProcess bridge, long id, Task<TFound> work, Func<TFound, TAnswer> answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TAnswer> type)
    {
        try
        {
            bridge.Answer(id, answer(await work), type);
        }
        catch (Exception failure)
        {
            Refuse(bridge, id, failure);
        }
    }

    private async Task SayAsync(BridgeProcess bridge, long id, Link link, ProviderEvent said)
    {
        try
        {
            await link.Say(said);
            bridge.Answer(id, Nothing.Instance, BridgeJson.Default.Nothing);
        }
        catch (Exception failure)
        {
            Refuse(bridge, id, failure);
        }
    }

    private void Refuse(BridgeProcess bridge, long id, Exception failure)
    {
        if (failure is LeaseLostException)
        {
            bridge.Refuse(id, "lease_lost", failure.Message);
            return;
        }

        if (failure is not (StorageRefusedException or OperationCanceledException))
            Log.Failed(logger, failure);
        bridge.Refuse(id, "refused", failure is StorageRefusedException ? failure.Message : "The worker could not save this.");
    }

    private void Observe(Task task) => _ = task.ContinueWith(
        static (failed, state) =>
        {
            if (failed.Exception?.InnerException is not (LeaseLostException or OperationCanceledException))
                Log.Failed((ILogger)state!, failed.Exception!);
        },
        logger,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "What the bridge said could not be handled.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
