using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>A message that is queued while nothing is being written is prepared meanwhile.</summary>
public sealed class PreparedMessageTests
{
    [Fact]
    public async Task A_queued_message_is_prepared_and_then_sent_as_it_was_prepared()
    {
        await using var shop = await Shop.OpenAsync();

        foreach (var text in (string[])["of course", "we are"])
        {
            var (queued, prepared) = await shop.SaysToIdleAsync(text);

            Assert.Equal(new OutgoingMessage(queued.WaId, TestData.Ion.Jid, $$"""{"text":"{{text}}"}"""), prepared);
            await shop.SentAsync(prepared);
        }
    }

    [Fact]
    public async Task What_is_queued_while_another_is_being_written_is_not_prepared()
    {
        await using var shop = await Shop.OpenAsync();
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shop.OnSend = () => written.Task;
        var (_, first) = await shop.SaysToIdleAsync("one");
        await shop.SentAsync(first);

        var second = await shop.SaysAsync("two");

        var prepared = shop.Prepared();
        written.SetResult();
        Assert.Null(prepared);
        await shop.SentAsync(new OutgoingMessage(second.WaId, TestData.Ion.Jid, """{"text":"two"}"""));
        Assert.Null(shop.Prepared());
    }

    [Fact]
    public async Task Nothing_is_prepared_without_a_connection()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.SaysToIdleAsync("of course");

        await shop.ClosesAsync();
        shop.Actor.Prepare(Shop.Draft);

        Assert.Null(shop.Prepared());
    }

    [Fact]
    public async Task Nothing_is_prepared_without_the_lease()
    {
        await using var shop = await Shop.OpenAsync();
        await Eventually.Async(
            () =>
            {
                shop.Actor.Prepare(Shop.Draft);
                return Task.FromResult(shop.Prepared());
            },
            static message => message is not null,
            "with the lease it is prepared",
            TestWorker.Cancel);

        shop.Actor.Lease.Lost();
        shop.Actor.Prepare(Shop.Draft);

        Assert.Null(shop.Prepared());
    }

    /// <summary>A connected account with one conversation, and what its provider was told.</summary>
    private sealed class Shop : IAsyncDisposable
    {
        private readonly ConcurrentQueue<OutgoingMessage> prepared = [];
        private readonly ConcurrentQueue<OutgoingMessage> sent = [];
        private readonly SimulatedTime time = new();
        private readonly TestPlace place;
        private readonly AccountId account;
        private readonly ThreadId thread;
        private readonly ScriptedProvider provider;
        private TestWorker? worker;

        private Shop(TestPlace place, AccountId account, ThreadId thread)
        {
            (this.place, this.account, this.thread) = (place, account, thread);
            provider = new ScriptedProvider(time)
            {
                OnPrepare = prepared.Enqueue,
                OnSend = message =>
                {
                    sent.Enqueue(message);
                    return OnSend();
                },
            };
        }

        public static Draft Draft { get; } = new("3EB0AA", TestData.Ion.Jid, """{"text":"of course"}""");

        /// <summary>What has to happen before a message is written.</summary>
        public Func<Task> OnSend { get; set; } = static () => Task.CompletedTask;

        public SessionActor Actor => worker!.Supervisor.Find(account)!;

        public static async Task<Shop> OpenAsync()
        {
            var made = await TestPlace.Make(Dialect.Sqlite);
            await using var data = await TestData.OpenAt(made);
            var fence = await data.Owned();
            await data.Links(fence, "40700000901");
            await data.Happens(fence, TestData.Says("one", "are you there?"));
            var shop = new Shop(made, fence.AccountId, (await data.OnlyThread()).Id);
            await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped);
            await data.Leases.Release(fence, TestData.Cancel);
            shop.worker = await TestWorker.StartAsync(emulator: null, made.Folder, services: services =>
            {
                services.AddSingleton<IProvider>(shop.provider);
                services.AddSingleton<TimeProvider>(shop.time);
            });
            await shop.worker.IsAsync(fence.AccountId, SessionStatus.Connected);
            return shop;
        }

        /// <summary>The next one that was prepared, if any was.</summary>
        public OutgoingMessage? Prepared() => prepared.TryDequeue(out var message) ? message : null;

        public Task<MessageView> SaysAsync(string text) => worker!.SendAsync(thread, text);

        /// <summary>Says it until one of them finds nothing being written: the outbox is looked into when it is written, and now and then.</summary>
        public Task<(MessageView Queued, OutgoingMessage? Prepared)> SaysToIdleAsync(string text) => Eventually.Async(
            async () => (Queued: await SaysAsync(text), Prepared: Prepared()), static said => said.Prepared is not null, "one is prepared", TestWorker.Cancel);

        public async Task SentAsync(OutgoingMessage? message) =>
            await Eventually.Async(() => Task.FromResult(sent.Contains(message!)), static so => so, "it goes out", TestWorker.Cancel);

        public async Task ClosesAsync()
        {
            provider.IsReachable = false;
            await provider.SaysAsync(new SessionEvent.Closed(ReasonCode.NetworkUnreachable));
            await Eventually.Async(() => Task.FromResult(Actor.IsConnected), static connected => !connected, "it is not connected", TestWorker.Cancel);
        }

        public async ValueTask DisposeAsync()
        {
            await worker!.DisposeAsync();
            await place.DisposeAsync();
        }
    }
}
