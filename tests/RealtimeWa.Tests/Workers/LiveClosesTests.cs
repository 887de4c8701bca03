using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Every way in which WhatsApp ends a connection, with the real bridge: what is shown, and what comes back by itself.</summary>
public sealed class LiveClosesTests(LiveEmulator whatsApp) : IClassFixture<LiveEmulator>
{
    // What WhatsApp gives a device that wants to be linked.
    private const int CodesOfOneLink = 6;

    // Baileys asks every 30 seconds, and gives the answer 5 more.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(35);

    [Fact]
    public async Task Every_close_is_shown_as_what_it_is()
    {
        Ending[] endings =
        [
            new("40700000101", phone => whatsApp.ClosesAsync(phone, new { mode = "stream-error", conflict = true }), SessionStatus.Error, ReasonCode.Replaced, OperatorAction.CloseOtherClient),
            new("40700000102", whatsApp.RemovesDeviceAsync, SessionStatus.Error, ReasonCode.LoggedOut, OperatorAction.RelinkPhone),
            new("40700000103", phone => whatsApp.ClosesAsync(phone, new { mode = "failure", reason = 401 }), SessionStatus.Error, ReasonCode.LoggedOut, OperatorAction.RelinkPhone),
            new("40700000104", phone => whatsApp.ClosesAsync(phone, new { mode = "failure", reason = 403 }), SessionStatus.Error, ReasonCode.Forbidden, OperatorAction.OpenPhone),
            new("40700000105", phone => whatsApp.ClosesAsync(phone, new { mode = "failure", reason = 405 }), SessionStatus.Disconnected, ReasonCode.ClientOutdated, OperatorAction.UpdateProduct),
            new("40700000106", phone => whatsApp.ClosesAsync(phone, new { mode = "failure", reason = 411 }), SessionStatus.Error, ReasonCode.MultideviceMismatch, OperatorAction.RelinkPhone),
            new("40700000107", phone => whatsApp.ClosesAsync(phone, new { mode = "failure", reason = 503 }), SessionStatus.Disconnected, ReasonCode.ServerUnavailable, OperatorAction.Wait),
            new("40700000108", phone => whatsApp.ClosesAsync(phone, new { mode = "stream-error", code = 500 }), SessionStatus.Error, ReasonCode.BadSession, OperatorAction.RelinkPhone),
            new("40700000109", phone => whatsApp.ClosesAsync(phone, new { mode = "stream-error", code = 503 }), SessionStatus.Disconnected, ReasonCode.ServerUnavailable, OperatorAction.Wait),
            new("40700000110", phone => whatsApp.ClosesAsync(phone, new { mode = "stream-error", code = 515 }), SessionStatus.Connecting, ReasonCode.RestartRequired, OperatorAction.Wait),
            new("40700000111", phone => whatsApp.ClosesAsync(phone, new { mode = "abort" }), SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Wait),
            new("40700000112", phone => whatsApp.ClosesAsync(phone, new { mode = "close" }), SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Wait),
            new("40700000113", phone => RefuseTheNextLoginAsync(phone, 403), SessionStatus.Error, ReasonCode.Forbidden, OperatorAction.OpenPhone),
            new("40700000114", phone => RefuseTheNextLoginAsync(phone, 401), SessionStatus.Error, ReasonCode.LoggedOut, OperatorAction.RelinkPhone),
        ];
        await using var worker = await StartAsync();
        var accounts = await Task.WhenAll(endings.Select(ending => worker.PairAsync(whatsApp.Emulator, ending.Phone)));

        await Task.WhenAll(endings.Select(ending => ending.Happens(ending.Phone)));

        foreach (var (ending, account) in endings.Zip(accounts))
        {
            await worker.WasAsync(account, ending.Status, ending.Reason);
            var told = (await worker.ToldAsync(account)).Where(view => view.Status == ending.Status && view.Reason == ending.Reason).ToArray();
            Assert.NotEmpty(told);
            Assert.All(told, view =>
            {
                Assert.Equal(ending.Action, view.Action);
                Assert.Equal(ending.Status is SessionStatus.Connecting ? null : Reasons.Sentence(ending.Reason), view.LastError);
                Assert.Equal(ending.Status is SessionStatus.Disconnected, view.RetryAt is not null);
            });
            if (ending.Status is SessionStatus.Error)
                await worker.IsAsync(account, SessionStatus.Error, ending.Reason);
            else
                await worker.IsAsync(account, SessionStatus.Connected);
        }

        async Task RefuseTheNextLoginAsync(string phone, int reason)
        {
            await whatsApp.RefusesLoginsAsync(phone, reason);
            await whatsApp.ClosesAsync(phone, new { mode = "abort" });
        }
    }

    [Fact]
    public async Task A_network_that_is_away_and_a_server_that_is_not_WhatsApp_are_told_apart()
    {
        await using var worker = await StartAsync();
        var account = await worker.PairAsync(whatsApp.Emulator, "40700000121");

        await whatsApp.IsReachableAsync(false);
        await worker.IsAsync(account, SessionStatus.Disconnected, ReasonCode.NetworkUnreachable);

        await whatsApp.ForgesItsCertificateAsync(true);
        await whatsApp.IsReachableAsync(true);
        await worker.AskAsync(account, CommandKind.Reconnect);
        var untrusted = await worker.IsAsync(account, SessionStatus.Disconnected, ReasonCode.UntrustedServer);
        Assert.Equal(OperatorAction.ContactAdmin, untrusted.Action);

        await whatsApp.ForgesItsCertificateAsync(false);
        await worker.AskAsync(account, CommandKind.Reconnect);
        await worker.IsAsync(account, SessionStatus.Connected);
    }

    [Fact]
    public async Task A_socket_that_is_open_and_dead_is_found_by_its_probe_and_replaced()
    {
        await using var worker = await StartAsync(values =>
        {
            values["Workers:DeepPoll"] = "00:00:03";
            values["Workers:ProbeTimeout"] = "00:00:06";
        });
        var account = await worker.PairAsync(whatsApp.Emulator, "40700000131");
        var ana = await whatsApp.Emulator.ContactAsync("40711111131", "Ana", TestWorker.Cancel);

        await whatsApp.ClosesAsync("40700000131", new { mode = "freeze" });
        await ana.SaysAsync("40700000131", "hello?", TestWorker.Cancel);

        await worker.WasAsync(account, SessionStatus.Disconnected, ReasonCode.ProbeFailed);
        await worker.IsAsync(account, SessionStatus.Connected);
        var thread = await worker.ThreadAsync(account, ana.Phone);
        await worker.SeesAsync(thread.Id, message => message.Text is "hello?", "what was said to the dead socket came through the next one");
    }

    [Fact]
    public async Task A_socket_that_freezes_between_two_probes_is_ended_by_its_keep_alive()
    {
        await using var worker = await StartAsync();
        var account = await worker.PairAsync(whatsApp.Emulator, "40700000161");
        var ana = await whatsApp.Emulator.ContactAsync("40711111161", "Ana", TestWorker.Cancel);

        await whatsApp.ClosesAsync("40700000161", new { mode = "freeze" });
        await ana.SaysAsync("40700000161", "hello?", TestWorker.Cancel);

        await worker.WasAsync(account, SessionStatus.Disconnected, ReasonCode.ConnectionLost);
        var told = await worker.ToldAsync(account);
        var lost = told.First(view => view.Reason is ReasonCode.ConnectionLost);
        Assert.Equal((SessionStatus.Disconnected, OperatorAction.Wait), (lost.Status, lost.Action));
        Assert.True(lost.Since - lost.LastEventAt > KeepAlive.TotalMilliseconds, "The socket was closed by something else than its silence.");
        Assert.DoesNotContain(told, view => view.Reason is ReasonCode.ProbeFailed);

        await worker.IsAsync(account, SessionStatus.Connected);
        var thread = await worker.ThreadAsync(account, ana.Phone);
        await worker.SeesAsync(thread.Id, message => message.Text is "hello?", "what was said to the dead socket came through the next one");
    }

    [Fact]
    public async Task A_link_that_nobody_scans_ends_with_its_last_code()
    {
        await using var worker = await StartAsync(values => values["Bridge:QrTimeout"] = "00:00:01");
        var account = await worker.AddAsync();
        await worker.AskAsync(account, CommandKind.Pair);

        var ended = await worker.IsAsync(account, SessionStatus.Init, ReasonCode.QrExpired);
        Assert.Equal((QrStatus.Expired, OperatorAction.ScanQr, null), (ended.QrStatus, ended.Action, ended.QrExpiresAt));
        Assert.Null(await worker.Get<SessionStore>().Qr(account, TestWorker.Cancel));
        Assert.Equal(CodesOfOneLink, (await worker.ToldAsync(account)).Select(view => view.QrExpiresAt).Where(expires => expires is not null).Distinct().Count());

        await worker.AskAsync(account, CommandKind.Pair);
        await worker.IsAsync(account, SessionStatus.QrRequired, ReasonCode.WaitingForScan);
        await worker.QrAsync(account);
    }

    [Fact]
    public async Task A_second_client_with_the_same_keys_pushes_this_one_out_until_a_person_decides()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        await using var copy = await TestPlace.Make(Dialect.Sqlite);
        AccountId account;
        await using (var before = await StartAsync(folder: place.Folder))
            account = await before.PairAsync(whatsApp.Emulator, "40700000171");
        Copy(place.Folder, copy.Folder);
        await using var worker = await StartAsync(folder: place.Folder);
        await worker.IsAsync(account, SessionStatus.Connected);
        var epoch = worker.Supervisor.Find(account)!.Lease.Fence.Epoch;

        await using (var other = await StartAsync(folder: copy.Folder))
        {
            await other.IsAsync(account, SessionStatus.Connected);
            var replaced = await worker.IsAsync(account, SessionStatus.Error, ReasonCode.Replaced);
            Assert.Equal((OperatorAction.CloseOtherClient, null), (replaced.Action, replaced.RetryAt));

            // It was given back and taken again, and still nobody knocks at WhatsApp's door.
            var logins = await whatsApp.LoginsAsync("40700000171");
            var owner = await Eventually.Async(
                () => Task.FromResult(worker.Supervisor.Find(account)), actor => actor?.Lease.Fence.Epoch > epoch, "the account is owned again", TestWorker.Cancel);
            await owner!.SayAsync(new SessionMail.Sweep());
            await worker.IsAsync(account, SessionStatus.Error, ReasonCode.Replaced);
            await other.IsAsync(account, SessionStatus.Connected);
            Assert.Equal(logins, await whatsApp.LoginsAsync("40700000171"));
        }

        await worker.AskAsync(account, CommandKind.Reconnect);
        await worker.IsAsync(account, SessionStatus.Connected);
    }

    [Fact]
    public async Task What_a_worker_may_not_save_stays_with_WhatsApp_and_comes_later()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        await using var worker = await StartAsync(values => values["Workers:LeaseRenewal"] = "00:00:02", place.Folder);
        await using var other = await TestData.OpenAt(place);
        var account = await worker.PairAsync(whatsApp.Emulator, "40700000141");
        var ana = await whatsApp.Emulator.ContactAsync("40711111141", "Ana", TestWorker.Cancel);
        var nacks = await whatsApp.CountAsync("nacks");

        // Another owner whose clock is ahead: this worker does not know yet that it lost the account.
        other.Time.Pass(TimeProvider.System.GetUtcNow() - other.Time.GetUtcNow() + TimeSpan.FromMinutes(10));
        var stolen = Assert.Single(await other.Leases.Acquire("another worker", 10, TimeSpan.FromHours(1), TestWorker.Cancel));
        var id = await ana.SaysAsync("40700000141", "who has me?", TestWorker.Cancel);
        await Eventually.Async(() => Task.FromResult(worker.Supervisor.Find(account)), actor => actor is null, "the worker gave up", TestWorker.Cancel);
        Assert.Contains(await whatsApp.FateAsync(id), new[] { "queued", "sent" });

        await other.Leases.Release(stolen.Fence, TestWorker.Cancel);
        var thread = await worker.ThreadAsync(account, ana.Phone);
        await worker.SeesAsync(thread.Id, message => message.Text is "who has me?", "it came with the next connection");
        await Eventually.Async(() => whatsApp.FateAsync(id), fate => fate is "receipt", "and only then there was a receipt", TestWorker.Cancel);
        Assert.Equal(nacks, await whatsApp.CountAsync("nacks"));
    }

    [Fact]
    public async Task Two_workers_never_fight_over_a_number_that_another_client_took()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        await using var one = await StartAsync(values => values["Workers:LeaseRenewal"] = "00:00:01", place.Folder);
        var account = await one.PairAsync(whatsApp.Emulator, "40700000151");
        await using var two = await StartAsync(values => values["Workers:LeaseRenewal"] = "00:00:01", place.Folder);
        var logins = await whatsApp.LoginsAsync("40700000151");
        var epoch = one.Supervisor.Find(account)!.Lease.Fence.Epoch;

        await whatsApp.ClosesAsync("40700000151", new { mode = "stream-error", conflict = true });
        await one.IsAsync(account, SessionStatus.Error, ReasonCode.Replaced);

        // Whoever takes the account after that knows why it is closed and leaves it so.
        for (var owners = 0; owners < 2; owners++)
        {
            var owner = await Eventually.Async(
                () => Task.FromResult(one.Supervisor.Find(account) ?? two.Supervisor.Find(account)),
                actor => actor?.Lease.Fence.Epoch > epoch,
                "somebody owns the account again",
                TestWorker.Cancel);
            epoch = owner!.Lease.Fence.Epoch;
            await owner.SayAsync(new SessionMail.Sweep());
            Assert.Equal((SessionStatus.Error, ReasonCode.Replaced), (owner.View.Status, owner.View.Reason));
            owner.Post(new SessionEvent.LeaseLost());
        }

        Assert.Equal(logins, await whatsApp.LoginsAsync("40700000151"));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copied = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copied)!);
            File.Copy(file, copied, overwrite: true);
        }
    }

    private Task<TestWorker> StartAsync(Action<Dictionary<string, string?>>? settings = null, string? folder = null) => TestWorker.StartAsync(
        whatsApp.Emulator,
        folder,
        values =>
        {
            values["Bridge:History"] = "false";
            settings?.Invoke(values);
        });

    private sealed record Ending(string Phone, Func<string, Task> Happens, SessionStatus Status, ReasonCode Reason, OperatorAction Action);
}
