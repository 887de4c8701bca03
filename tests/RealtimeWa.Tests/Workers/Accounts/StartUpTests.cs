using Microsoft.Extensions.DependencyInjection;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Who is connected at a start, and when: the real supervisor in simulated time, a provider that opens at once.</summary>
public sealed class StartUpTests
{
    private const int Linked = 25;

    [Fact]
    public async Task Linked_accounts_connect_ten_at_a_time_300_milliseconds_apart()
    {
        var waves = await WavesAsync(TimeSpan.FromMilliseconds(300), stagger: null);

        Assert.Equal([(0, 10), (300, 10), (600, 5)], waves);
    }

    [Fact]
    public async Task The_cautious_way_connects_one_account_every_two_seconds()
    {
        var waves = await WavesAsync(TimeSpan.FromSeconds(2), stagger: "00:00:02");

        Assert.Equal(Enumerable.Range(0, Linked).Select(number => (number * 2000L, 1)), waves);
    }

    [Fact]
    public async Task An_account_that_waits_longer_for_its_turn_than_a_lease_lasts_stays_owned()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        await FillAsync(place);
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(place, time, provider, "00:00:02", lease: "00:00:30", renewal: "00:00:05");
        await Eventually.Async(() => Task.FromResult(provider.Starts), static starts => starts == 1, "the first one is connected", TestWorker.Cancel);
        var owned = Leases();
        Assert.Equal(Linked + 2, owned.Count);

        for (var begun = time.Now; provider.Starts < Linked && time.Now - begun < 600_000;)
        {
            time.Pass(TimeSpan.FromSeconds(2));
            await Eventually.Async(
                () => Task.FromResult(worker.Supervisor.Actors.All(actor => actor.Lease.Left > TimeSpan.FromSeconds(20))),
                static renewed => renewed,
                "all leases are renewed",
                TestWorker.Cancel);
            await HeardAsync(worker);
        }

        Assert.Equal(Linked, provider.Starts);
        Assert.Equal(owned, Leases());

        HashSet<Fence> Leases() => [.. worker.Supervisor.Actors.Select(actor => actor.Lease.Fence)];
    }

    [Fact]
    public async Task A_person_who_asks_before_an_account_has_its_turn_is_heard_after_it()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (_, unlinked) = await FillAsync(place);
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(place, time, provider, "00:00:02");
        await Eventually.Async(() => Task.FromResult(provider.Starts), static starts => starts == 1, "the first one is connected", TestWorker.Cancel);
        var waiting = (await worker.Get<SnapshotStore>().Read(1, TestWorker.Cancel)).Accounts
            .Select(account => account.Id).Where(account => account.Value > unlinked.Value && account != provider.Started[0].Account).ToArray();
        Assert.Equal(Linked - 1, waiting.Length);

        foreach (var account in waiting)
            await worker.AskAsync(account, CommandKind.Stop);
        await worker.AskAsync(unlinked, CommandKind.Pair);
        var step = TimeSpan.FromSeconds(2);
        foreach (var _ in waiting)
        {
            await HeardAsync(worker);
            await Eventually.Async(() => Task.FromResult(time.RingsIn(step)), static rings => rings, "the next one has its time", TestWorker.Cancel);
            time.Pass(step);
        }

        foreach (var account in waiting)
            await worker.IsAsync(account, SessionStatus.Disconnected, ReasonCode.StoppedByPerson);
        Assert.NotNull(await worker.QrAsync(unlinked));
    }

    [Fact]
    public async Task An_account_that_cant_be_read_holds_up_no_other()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (_, unlinked) = await FillAsync(place);
        var strange = new AccountId(unlinked.Value + (Linked / 2));
        await using (var data = await TestData.OpenAt(place))
        {
            await data.Database.Write(
                strange, tx => { tx.Run(new Sql("UPDATE sessions SET reason = 'from_the_future' WHERE account_id = @id"), strange.Value); }, TestData.Cancel);
        }

        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(place, time, provider, stagger: null);
        var gap = TimeSpan.FromMilliseconds(300);
        await Eventually.Async(StartsAsync, static starts => starts == Linked - 1, "all others are started", TestWorker.Cancel);

        Assert.DoesNotContain(provider.Started, start => start.Account == strange);
        foreach (var start in provider.Started)
            await worker.IsAsync(start.Account, SessionStatus.Connected);

        Task<int> StartsAsync()
        {
            if (time.RingsIn(gap))
                time.Pass(gap);
            return Task.FromResult(provider.Starts);
        }
    }

    [Theory]
    [InlineData(SessionStatus.Connected, ReasonCode.Proven)]
    [InlineData(SessionStatus.Connecting, ReasonCode.Resuming)]
    public async Task Who_waits_for_its_turn_is_not_shown_as_a_worker_left_it_that_was_killed(SessionStatus status, ReasonCode reason)
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (_, unlinked) = await FillAsync(place, status, reason);
        var kept = new AccountId(unlinked.Value + Linked);
        await using (var data = await TestData.OpenAt(place))
            await StopAsync(data, kept);
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(place, time, provider, "00:00:02");

        // Nobody waits for what is not to be connected.
        await worker.IsAsync(kept, SessionStatus.Disconnected, ReasonCode.StoppedByPerson);
        for (var account = unlinked.Value + 2; account < kept.Value; account++)
        {
            var waits = await worker.IsAsync(new AccountId(account), SessionStatus.Disconnected, ReasonCode.WorkerStopped);
            Assert.Equal(OperatorAction.Wait, waits.Action);
        }

        var first = Assert.Single(provider.Started).Account;
        await worker.IsAsync(first, SessionStatus.Connected);
        Assert.DoesNotContain(await worker.ToldAsync(first), told => told.Status is SessionStatus.Disconnected);
    }

    [Fact]
    public async Task A_round_that_fails_for_no_known_reason_is_not_the_last_one()
    {
        var time = new SimulatedTime();
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        await using var worker = await StartAsync(place, time, new ScriptedProvider(time), stagger: null, renewal: "00:01:00");
        await RoundIsOverAsync();
        time.Pass(TimeSpan.FromSeconds(1));
        await RunAsync(new Sql("CREATE TRIGGER surprise BEFORE UPDATE OF lease_until ON accounts BEGIN SELECT RAISE(ABORT, 'A surprise.'); END"));

        var account = await worker.AddAsync();
        await RoundIsOverAsync();
        Assert.Null(worker.Supervisor.Find(account));

        await RunAsync(new Sql("DROP TRIGGER surprise"));
        await worker.RingCommandsAsync(account);
        await Eventually.Async(() => Task.FromResult(worker.Supervisor.Find(account)), static actor => actor is not null, "the account is owned", TestWorker.Cancel);

        Task RoundIsOverAsync() => Eventually.Async(
            () => Task.FromResult(time.RingsIn(TimeSpan.FromMinutes(1))), static rings => rings, "the next round has its time", TestWorker.Cancel);

        Task RunAsync(Sql sql) => worker.Get<Database>().Write(AccountId.System, tx => { tx.Run(sql); }, TestWorker.Cancel);
    }

    [Fact]
    public async Task What_is_not_connected_at_a_start_says_why()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (kept, unlinked) = await FillAsync(place);
        var time = new SimulatedTime();
        await using var worker = await StartAsync(place, time, new ScriptedProvider(time), stagger: null);

        var stays = await worker.IsAsync(kept, SessionStatus.Disconnected, ReasonCode.StoppedByPerson);
        Assert.Equal((OperatorAction.Reconnect, null), (stays.Action, stays.RetryAt));
        var unknown = await worker.IsAsync(unlinked, SessionStatus.Init, ReasonCode.NeverLinked);
        Assert.Equal((OperatorAction.ScanQr, null), (unknown.Action, unknown.RetryAt));

        await worker.AskAsync(kept, CommandKind.Connect);
        await worker.IsAsync(kept, SessionStatus.Connected);
    }

    /// <summary>How many accounts were started together, and how many milliseconds after the start.</summary>
    private static async Task<IEnumerable<(long After, int Count)>> WavesAsync(TimeSpan gap, string? stagger)
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (kept, unlinked) = await FillAsync(place);
        var time = new SimulatedTime();
        var begun = time.Now;
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(place, time, provider, stagger);
        await WaitsOrIsDoneAsync();
        while (time.RingsIn(gap))
        {
            time.Pass(gap);
            await WaitsOrIsDoneAsync();
        }

        Assert.DoesNotContain(provider.Started, start => start.Account == kept || start.Account == unlinked);
        return provider.Started.GroupBy(start => start.At - begun).Select(wave => (wave.Key, wave.Count()));

        async Task WaitsOrIsDoneAsync()
        {
            await Eventually.Async(
                () => Task.FromResult(time.RingsIn(gap) || provider.Starts >= Linked), static so => so, "the next wave has its time", TestWorker.Cancel);

            // Who was called before is started now, while no time passes.
            await HeardAsync(worker);
        }
    }

    /// <summary>Every account has done what it was told before.</summary>
    private static Task HeardAsync(TestWorker worker) =>
        Task.WhenAll(worker.Supervisor.Actors.Select(actor => actor.SayAsync(new SessionMail.Sweep())));

    private static Task<TestWorker> StartAsync(
        TestPlace place, SimulatedTime time, ScriptedProvider provider, string? stagger, string lease = "00:05:00", string renewal = "00:02:00") => TestWorker.StartAsync(
        emulator: null,
        place.Folder,
        values =>
        {
            values["Workers:LeaseDuration"] = lease;
            values["Workers:LeaseRenewal"] = renewal;
            values["Workers:StartStagger"] = stagger;
        },
        services =>
        {
            services.AddSingleton<IProvider>(provider);
            services.AddSingleton<TimeProvider>(time);
        });

    /// <summary>Two accounts that are not to be started, one of them linked, and after them those that are, as a worker leaves them that stops.</summary>
    private static async Task<(AccountId Kept, AccountId Unlinked)> FillAsync(
        TestPlace place, SessionStatus status = SessionStatus.Disconnected, ReasonCode reason = ReasonCode.WorkerStopped)
    {
        await using var data = await TestData.OpenAt(place);
        var kept = await LinkedAsync(data, 0, status, reason);
        await StopAsync(data, kept);
        var unlinked = await data.Owned();
        for (var number = 1; number <= Linked; number++)
            await LinkedAsync(data, number, status, reason);
        foreach (var fence in await data.Leases.Held(TestData.Cancel))
            await data.Leases.Release(fence, TestData.Cancel);
        return (kept, unlinked.AccountId);
    }

    private static Task StopAsync(TestData data, AccountId account) => data.Database.Write(
        account, tx => { tx.Run(new Sql("UPDATE accounts SET auto_connect = 0 WHERE id = @id"), account.Value); }, TestData.Cancel);

    private static async Task<AccountId> LinkedAsync(TestData data, int number, SessionStatus status, ReasonCode reason)
    {
        var fence = await data.Owned();
        await data.Links(fence, $"407000004{number:00}");
        await data.Becomes(fence, status, reason);
        return fence.AccountId;
    }
}
