using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Processes that are stopped for longer than their lease and then go on: they write and send nothing, and all comes back by itself.</summary>
public sealed class LiveStopTests(LiveEmulator whatsApp) : IClassFixture<LiveEmulator>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_bridge_that_slept_past_its_lease_comes_back_by_itself()
    {
        await using var worker = await TestWorker.StartAsync(whatsApp.Emulator, settings: WithAShortLease);
        var account = await worker.PairAsync(whatsApp.Emulator, "40700000201");
        var ana = await whatsApp.Emulator.ContactAsync("40711111201", "Ana", TestWorker.Cancel);
        await ana.SaysAsync("40700000201", "before", TestWorker.Cancel);
        var thread = await worker.ThreadAsync(account, ana.Phone);
        await worker.SeesAsync(thread.Id, message => message.Text is "before", "the first message is a row");

        var bridge = ((BaileysProvider)worker.Get<IProvider>()).ProcessOf(account)!.Value;
        Signals.Send(bridge, "STOP");
        await ana.SaysAsync("40700000201", "meanwhile", TestWorker.Cancel);
        var sent = await worker.SendAsync(thread.Id, "answer");
        await PastTheLeaseAsync();
        Signals.Send(bridge, "CONT");

        await worker.SeesAsync(thread.Id, message => message.Text is "meanwhile", "what came meanwhile is a row");
        await worker.SeesAsync(thread.Id, message => message.Id == sent.Id && message.Status is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read, "the answer is acknowledged");
        await worker.IsAsync(account, SessionStatus.Connected);
        await OnceAsync(worker, thread.Id, "before", "meanwhile", "answer");
        Assert.Equal(["answer"], (await ana.MessagesAsync("40700000201", 1, TestWorker.Cancel)).Select(message => message.Text));
    }

    [Theory]
    [InlineData(false, "40700000211")]
    [InlineData(true, "40700000212")]
    public async Task A_worker_that_slept_past_its_lease_leaves_the_account_and_its_work_to_the_next_one(bool withItsBridge, string phone)
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (account, ana) = await LinkAsync(place, phone);
        await using var sleeper = StartWorkerProcess(place);
        await using var reader = await TestData.OpenAt(place);
        await ConnectedAsync(reader, account);
        var thread = await UnacknowledgedAsync(reader, phone, ana);
        int[] asleep = [sleeper.Id, .. withItsBridge ? sleeper.BridgeIds : []];

        await StopAsync(asleep, reader, account);
        string[] ours = ["sent before", "queued one", "queued two"];
        await QueueAsync(reader, thread, ours[1]);
        await QueueAsync(reader, thread, ours[2]);
        string[] anas = ["hello", "is anybody there?", "please answer", "never mind"];
        var said = new List<string>();
        foreach (var text in anas[1..])
            said.Add(await ana.SaysAsync(phone, text, TestWorker.Cancel));

        await using var next = await TestWorker.StartAsync(whatsApp.Emulator, place.Folder, Briskly);
        foreach (var text in anas)
            await next.SeesAsync(thread, message => string.Equals(message.Text, text, StringComparison.Ordinal), "the next worker has it");
        foreach (var text in ours)
            await next.SeesAsync(thread, message => string.Equals(message.Text, text, StringComparison.Ordinal) && message.Status is MessageStatus.Sent, "the next worker sent it");
        foreach (var id in said)
            await Eventually.Async(() => whatsApp.FateAsync(id), fate => fate is "receipt", "it has its receipt", TestWorker.Cancel);
        await next.IsAsync(account, SessionStatus.Connected);
        await AllOnceAsync();

        // The last that it writes by itself: what came while nobody was there.
        await Eventually.Async(
            () => reader.Sessions.History(account, 1000, TestWorker.Cancel),
            history => history.Gaps is [{ To: not null, Repaired: 3 }, ..],
            "what came meanwhile is counted",
            TestWorker.Cancel);
        var taken = await WrittenAsync(reader, account, phone);

        // Asked twice to stop, it still stops in good order, and had not written a word.
        foreach (var process in asleep)
            Signals.Send(process, "CONT");
        await sleeper.LineAsync(line => line.Contains("no longer owns it", StringComparison.Ordinal), TestWorker.Cancel);
        sleeper.Signal("TERM");
        sleeper.Signal("TERM");
        await sleeper.ExitedAsync(TestWorker.Cancel);
        Assert.True(sleeper.ExitCode == 0, sleeper.Transcript);
        var now = await WrittenAsync(reader, account, phone);
        Assert.Equal(taken.Transitions, now.Transitions);
        Assert.Equal(taken with { Transitions = [] }, now with { Transitions = [] });
        await AllOnceAsync();

        await ana.SaysAsync(phone, "and now?", TestWorker.Cancel);
        await next.SeesAsync(thread, message => message.Text is "and now?", "the next worker goes on");
        await next.SendAsync(thread, "yes");
        await ana.SeesAsync(phone, "yes", TestWorker.Cancel);

        async Task AllOnceAsync()
        {
            await OnceAsync(next, thread, [.. anas, .. ours]);
            Assert.Equal(ours, (await ana.MessagesAsync(phone, ours.Length, TestWorker.Cancel)).Select(message => message.Text));
        }
    }

    /// <summary>One customer, and one message to her that WhatsApp handed on without saying so.</summary>
    private async Task<ThreadId> UnacknowledgedAsync(TestData reader, string phone, Phones.Contact ana)
    {
        reader.Time.Pass(TimeProvider.System.GetUtcNow() - reader.Time.GetUtcNow());
        await ana.SaysAsync(phone, "hello", TestWorker.Cancel);
        var threads = await Eventually.Async(
            () => reader.Threads.Page(long.MaxValue, new(long.MaxValue), 10, TestWorker.Cancel), found => found.Count == 1, "the thread exists", TestWorker.Cancel);
        await whatsApp.AcknowledgesNotTheNextAsync(phone);
        await QueueAsync(reader, threads[0].Id, "sent before");
        await ana.SeesAsync(phone, "sent before", TestWorker.Cancel);
        Assert.True((await reader.MessagesOf(threads[0])).Single(message => message.FromMe).Status is MessageStatus.Queued or MessageStatus.Sending);
        return threads[0].Id;
    }

    private static async Task QueueAsync(TestData reader, ThreadId thread, string text)
    {
        var queued = await reader.Outbox.Enqueue(new SendRequest(thread, Guid.NewGuid().ToString("N"), text), author: null, TestWorker.Cancel);
        Assert.True(queued.Message is not null, queued.Sentence);
    }

    /// <summary>What a worker that acts on an account leaves behind: in the database and at WhatsApp.</summary>
    private async Task<Written> WrittenAsync(TestData reader, AccountId account, string phone) => new(
        (await reader.Sessions.History(account, 1000, TestWorker.Cancel)).Transitions,
        (await reader.Accounts.Find(account, TestWorker.Cancel))!.Seq,
        (await reader.Leases.Held(TestWorker.Cancel)).Single().Epoch,
        await whatsApp.CountAsync("messagesFromClients"),
        await whatsApp.LoginsAsync(phone));

    private async Task<(AccountId Account, Phones.Contact Ana)> LinkAsync(TestPlace place, string phone)
    {
        await using var worker = await TestWorker.StartAsync(whatsApp.Emulator, place.Folder, Briskly);
        var account = await worker.PairAsync(whatsApp.Emulator, phone);

        // Only WhatsApp's own acknowledgement shall tell that a message was sent.
        var ana = await whatsApp.Emulator.ContactAsync($"4071111{phone[^4..]}", "Ana", TestWorker.Cancel);
        await whatsApp.Emulator.PostAsync("api/contacts", new { pn = ana.Phone, name = "Ana", deliveryReceipts = false }, TestWorker.Cancel);
        return (account, ana);
    }

    private static async Task ConnectedAsync(TestData reader, AccountId account) => await Eventually.Async(
        () => reader.Accounts.Find(account, TestWorker.Cancel),
        view => view?.Session.Status is SessionStatus.Connected,
        "the account is connected",
        TestWorker.Cancel);

    /// <summary>Not in the middle of a write: that would hold the SQLite file, and so every other worker, until it goes on.</summary>
    private static async Task StopAsync(int[] processes, TestData reader, AccountId account)
    {
        while (true)
        {
            foreach (var process in processes)
                Signals.Send(process, "STOP");
            try
            {
                await reader.Database.Write(AccountId.System, _ => { }, TestWorker.Cancel);
                return;
            }
            catch (StorageRefusedException)
            {
                foreach (var process in processes)
                    Signals.Send(process, "CONT");
                await ConnectedAsync(reader, account);
            }
        }
    }

    private ChildProcess StartWorkerProcess(TestPlace place)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Data:Directory"] = place.Folder,
            ["Bridge:WebSocketUrl"] = whatsApp.Emulator.WebSocketUrl,
            ["Bridge:RootPublicKey"] = whatsApp.Emulator.RootPublicKey,
            ["Workers:HubUrl"] = "http://127.0.0.1:9/hubs/worker",
            ["Workers:Token"] = "nobody listens",
        };
        WithAShortLease(values);
        return ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "RealtimeWa.Workers.dll")],
            values.ToDictionary(value => value.Key.Replace(":", "__", StringComparison.Ordinal), value => value.Value, StringComparer.Ordinal));
    }

    /// <summary>Only for whoever sleeps: on a busy machine it would run out for others too.</summary>
    private static void WithAShortLease(Dictionary<string, string?> values)
    {
        Briskly(values);
        values["Workers:LeaseDuration"] = Lease.ToString();
    }

    private static void Briskly(Dictionary<string, string?> values)
    {
        values["Workers:LeaseRenewal"] = "00:00:02";
        values["Workers:Sweep"] = "00:00:01";
        values["Workers:DeepPoll"] = "01:00:00";
        values["Bridge:History"] = "false";
    }

    // A stop has a length of its own: it is what is tested here.
    private static Task PastTheLeaseAsync() => Task.Delay(Lease + TimeSpan.FromSeconds(1), TimeProvider.System, TestWorker.Cancel);

    private static async Task OnceAsync(TestWorker worker, ThreadId thread, params string[] texts)
    {
        var page = await worker.Get<MessageStore>().Page(thread, before: null, 50, TestWorker.Cancel);
        Assert.Equal(texts.Order(StringComparer.Ordinal), page!.Messages.Select(message => message.Text!).Order(StringComparer.Ordinal));
    }

    private sealed record Written(IReadOnlyList<TransitionView> Transitions, long Seq, long Epoch, int MessagesFromClients, int Logins);
}
