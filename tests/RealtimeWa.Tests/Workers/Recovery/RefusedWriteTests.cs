using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using RealtimeWa.Processes;

namespace RealtimeWa.Recovery;

/// <summary>Another process holds the database for a while: what could not be written then is still owed afterwards.</summary>
public sealed class RefusedWriteTests
{
    private static readonly TimeSpan AckTimeout = new WorkersOptions().AckTimeout;

    [Fact]
    public async Task What_a_connection_owes_when_it_opens_is_done_when_the_database_writes_again()
    {
        await using var shop = await Shop.OpenAsync();
        var queued = await shop.QueuedAsync();
        var replays = 0;
        shop.Provider.OnReplay = () =>
        {
            Interlocked.Increment(ref replays);
            return Task.CompletedTask;
        };
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shop.Provider.OnProbe = () => mayAnswer.Task;
        await using var worker = await shop.StartAsync();
        await Eventually.Async(() => Task.FromResult(shop.Provider.Probes), static probes => probes == 1, "the connection is open", TestWorker.Cancel);

        var actor = worker.Supervisor.Find(shop.Account)!;
        await using (await shop.HoldAsync(worker))
        {
            mayAnswer.SetResult();
            await Eventually.Async(() => Task.FromResult(actor.IsConnected), static connected => connected, "the probe is answered", TestWorker.Cancel);
            await actor.SayAsync(new SessionMail.Finished(0, Error: null, IsDone: false));
        }

        Assert.Equal((0, 0), (replays, shop.Sends));
        await actor.SayAsync(new SessionMail.Sweep());
        await actor.SayAsync(new SessionMail.Sweep());

        await shop.SentAsync(queued);
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref replays)), static so => so == 1, "what was only saved is handed on", TestWorker.Cancel);
    }

    [Fact]
    public async Task An_acknowledgement_that_could_not_be_written_is_asked_for_again()
    {
        await using var shop = await Shop.OpenAsync();
        await using var worker = await shop.StartConnectedAsync();
        var sent = await shop.SendAsync(worker, "of course");

        await using (await shop.HoldAsync(worker))
            await Assert.ThrowsAsync<StorageRefusedException>(() => shop.Provider.Listener(new ProviderEvent.Acknowledged(sent.WaId, null), TestWorker.Cancel));
        shop.Time.Pass(AckTimeout);
        await shop.SweepAsync(worker);

        await shop.SentAsync(sent.WaId, sent.WaId);
        await shop.Provider.Listener(new ProviderEvent.Acknowledged(sent.WaId, null), TestWorker.Cancel);
        Assert.Equal(MessageStatus.Sent, (await worker.Get<MessageStore>().Find(sent.Id, TestWorker.Cancel))!.Status);
    }

    [Fact]
    public async Task A_message_that_could_not_be_made_due_again_is_with_the_next_sweep()
    {
        await using var shop = await Shop.OpenAsync();
        await using var worker = await shop.StartConnectedAsync();
        shop.Time.Pass(AckTimeout);
        await shop.SweepAsync(worker);
        var sent = await shop.SendAsync(worker, "of course");
        shop.Time.Pass(AckTimeout);

        await using (await shop.HoldAsync(worker))
            await Assert.ThrowsAsync<StorageRefusedException>(() => shop.SweepAsync(worker));
        await shop.SweepAsync(worker);

        await shop.SentAsync(sent.WaId, sent.WaId);
    }

    [Fact]
    public async Task A_younger_message_is_not_forgotten_when_an_older_one_is_sent_again()
    {
        await using var shop = await Shop.OpenAsync();
        await using var worker = await shop.StartConnectedAsync();
        var older = await shop.SendAsync(worker, "of course");
        shop.Time.Pass(AckTimeout / 2);
        var younger = await shop.SendAsync(worker, "we are");

        shop.Time.Pass(AckTimeout / 2);
        await shop.SweepAsync(worker);
        await shop.SentAsync(older.WaId, younger.WaId, older.WaId);
        await shop.Provider.Listener(new ProviderEvent.Acknowledged(older.WaId, null), TestWorker.Cancel);
        shop.Time.Pass(AckTimeout / 2);
        await shop.SweepAsync(worker);

        await shop.SentAsync(older.WaId, younger.WaId, older.WaId, younger.WaId);
    }

    /// <summary>An account with one conversation, and a record that was saved but is no row.</summary>
    private sealed class Shop(TestPlace place, AccountId account, ThreadId thread) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<string> sent = [];

        public AccountId Account => account;

        public SimulatedTime Time { get; } = new();

        public ScriptedProvider Provider => field ??= new ScriptedProvider(Time)
        {
            OnSend = message =>
            {
                sent.Enqueue(message.Id);
                return Task.CompletedTask;
            },
        };

        public int Sends => sent.Count;

        public static async Task<Shop> OpenAsync()
        {
            var place = await TestPlace.Make(Dialect.Sqlite);
            await using var data = await TestData.OpenAt(place);
            var fence = await data.Owned();
            await data.Links(fence, "40700000701");
            await data.Connects(fence);
            await data.Happens(fence, TestData.Says("one", "are you there?"));
            var thread = await data.OnlyThread();
            await data.Saved(fence);
            await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped);
            await data.Leases.Release(fence, TestData.Cancel);
            return new Shop(place, fence.AccountId, thread.Id);
        }

        /// <summary>An answer that was being written when the worker died.</summary>
        public async Task<string> QueuedAsync()
        {
            await using var data = await TestData.OpenAt(place);
            var fence = Assert.Single(await data.Leases.Acquire("w1", 1, TimeSpan.FromMinutes(1), TestData.Cancel)).Fence;
            await data.Connects(fence);
            var queued = (await data.Outbox.Enqueue(new SendRequest(thread, "t1", "of course"), author: null, TestData.Cancel)).Message!;
            Assert.True(await data.Outbox.MarkWriting(fence, queued.Id, TestData.Cancel));
            await data.Leases.Release(fence, TestData.Cancel);
            return queued.WaId;
        }

        public Task<TestWorker> StartAsync() => TestWorker.StartAsync(
            emulator: null,
            place.Folder,
            values =>
            {
                values["Workers:LeaseDuration"] = "01:00:00";

                // By the machine's clock; these tests sweep themselves.
                values["Workers:Sweep"] = "01:00:00";
            },
            services =>
            {
                services.AddSingleton<IProvider>(Provider);
                services.AddSingleton<TimeProvider>(Time);
            });

        public async Task<TestWorker> StartConnectedAsync()
        {
            var worker = await StartAsync();
            await worker.IsAsync(account, SessionStatus.Connected);
            return worker;
        }

        /// <summary>Written to WhatsApp, not acknowledged.</summary>
        public async Task<MessageView> SendAsync(TestWorker worker, string text)
        {
            var queued = await worker.SendAsync(thread, text);
            return await worker.SeesAsync(thread, message => message.Id == queued.Id && message.Status is MessageStatus.Sending, "it is written");
        }

        public Task SweepAsync(TestWorker worker) => worker.Supervisor.Find(account)!.SayAsync(new SessionMail.Sweep());

        public async Task SentAsync(params string[] ids)
        {
            await Eventually.Async(() => Task.FromResult(sent.Count), count => count >= ids.Length, $"{ids.Length} messages went out", TestWorker.Cancel);
            Assert.Equal(ids, sent);
        }

        /// <summary>Until it is disposed, another process writes and nobody else can.</summary>
        public async Task<IAsyncDisposable> HoldAsync(TestWorker worker)
        {
            // The worker need not wait as long as it does in earnest.
            await worker.Get<Database>().Write(AccountId.System, tx => { tx.Number(new Sql("PRAGMA busy_timeout = 10")); }, TestWorker.Cancel);
            return await Hold.BeginAsync(place);
        }

        public ValueTask DisposeAsync() => place.DisposeAsync();
    }

    private sealed class Hold(TestData other, ManualResetEventSlim end, Task writing) : IAsyncDisposable
    {
        public static async Task<Hold> BeginAsync(TestPlace place)
        {
            var other = await TestData.OpenAt(place);
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var end = new ManualResetEventSlim();
            var writing = other.Database.Write(
                AccountId.System,
                _ =>
                {
                    begun.SetResult();
                    end.Wait(TestWorker.Cancel);
                },
                TestWorker.Cancel);
            await begun.Task;
            return new Hold(other, end, writing);
        }

        public async ValueTask DisposeAsync()
        {
            end.Set();
            await writing;
            await other.DisposeAsync();
            end.Dispose();
        }
    }
}
