using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Processes that are stopped for longer than their lease and then go on: they write and send nothing, and all comes back by itself.</summary>
public sealed class LiveStopTests(LiveEmulator whatsApp) : IClassFixture<LiveEmulator>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_bridge_that_slept_past_its_lease_comes_back_by_itself()
    {
        await using var worker = await TestWorker.StartAsync(whatsApp.Emulator, settings: WithShortLeases);
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
    public async Task A_worker_that_slept_past_its_lease_leaves_the_account_to_the_next_one(bool withItsBridge, string phone)
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (account, ana) = await LinkAsync(place, phone);
        await using var sleeper = StartWorkerProcess(place);
        await using var reader = await TestData.OpenAt(place);
        await ConnectedAsync(reader, account);
        int[] asleep = [sleeper.Id, .. withItsBridge ? sleeper.BridgeIds : []];

        await StopAsync(asleep, reader, account);
        await using var next = await TestWorker.StartAsync(whatsApp.Emulator, place.Folder, WithShortLeases);
        await ana.SaysAsync(phone, "is anybody there?", TestWorker.Cancel);
        var thread = await next.ThreadAsync(account, ana.Phone);
        await next.SeesAsync(thread.Id, message => message.Text is "is anybody there?", "the next worker has it");
        await next.IsAsync(account, SessionStatus.Connected);
        var epoch = next.Supervisor.Find(account)!.Lease.Fence.Epoch;
        var logins = await whatsApp.LoginsAsync(phone);

        foreach (var process in asleep)
            Signals.Send(process, "CONT");
        await sleeper.LineAsync(line => line.Contains("no longer owns it", StringComparison.Ordinal), TestWorker.Cancel);
        await ana.SaysAsync(phone, "and now?", TestWorker.Cancel);
        await next.SeesAsync(thread.Id, message => message.Text is "and now?", "the next worker goes on");
        await next.SendAsync(thread.Id, "yes");
        await ana.SeesAsync(phone, "yes", TestWorker.Cancel);

        Assert.Equal(epoch, next.Supervisor.Find(account)?.Lease.Fence.Epoch);
        Assert.Equal(logins, await whatsApp.LoginsAsync(phone));
        await OnceAsync(next, thread.Id, "is anybody there?", "and now?", "yes");
        Assert.Single(await ana.MessagesAsync(phone, 1, TestWorker.Cancel));

        // Asked twice to stop, it still stops in good order.
        sleeper.Signal("TERM");
        sleeper.Signal("TERM");
        await sleeper.ExitedAsync(TestWorker.Cancel);
        Assert.True(sleeper.ExitCode == 0, sleeper.Transcript);
    }

    private async Task<(AccountId Account, Phones.Contact Ana)> LinkAsync(TestPlace place, string phone)
    {
        await using var worker = await TestWorker.StartAsync(whatsApp.Emulator, place.Folder, WithShortLeases);
        var account = await worker.PairAsync(whatsApp.Emulator, phone);
        return (account, await whatsApp.Emulator.ContactAsync($"4071111{phone[^4..]}", "Ana", TestWorker.Cancel));
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
        WithShortLeases(values);
        return ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "RealtimeWa.Workers.dll")],
            values.ToDictionary(value => value.Key.Replace(":", "__", StringComparison.Ordinal), value => value.Value, StringComparer.Ordinal));
    }

    private static void WithShortLeases(Dictionary<string, string?> values)
    {
        values["Workers:LeaseDuration"] = Lease.ToString();
        values["Workers:LeaseRenewal"] = "00:00:02";
        values["Bridge:History"] = "false";
    }

    // A stop has a length of its own: it is what is tested here.
    private static Task PastTheLeaseAsync() => Task.Delay(Lease + TimeSpan.FromSeconds(1), TimeProvider.System, TestWorker.Cancel);

    private static async Task OnceAsync(TestWorker worker, ThreadId thread, params string[] texts)
    {
        var page = await worker.Get<MessageStore>().Page(thread, before: null, 50, TestWorker.Cancel);
        Assert.Equal(texts.Order(StringComparer.Ordinal), page!.Messages.Select(message => message.Text!).Order(StringComparer.Ordinal));
    }
}
