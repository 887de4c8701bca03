using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeWa.Processes;

namespace RealtimeWa.Sessions;

/// <summary>Hours of a session in a moment: the real supervisor, actor, jobs and machine, a provider that does what a test says.</summary>
public sealed class LongHoursTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LightPoll = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DeepPoll = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_quiet_but_healthy_account_is_never_restarted()
    {
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(provider, time);
        var account = await LinkAsync(worker, provider);
        var starts = provider.Starts;
        var before = await HistoryAsync(worker, account);
        var actor = worker.Supervisor.Find(account)!;
        var light = new LightPollJob(worker.Supervisor, provider, worker.Get<IOptions<WorkersOptions>>(), time);

        for (var passed = LightPoll; passed <= TimeSpan.FromHours(6); passed += LightPoll)
        {
            await PassAsync(worker, actor, time, LightPoll);
            await light.Execute(null!, TestWorker.Cancel);
            actor.Post(new SessionMail.Sweep());
            if (passed.Ticks % DeepPoll.Ticks != 0)
                continue;

            await new DeepPollJob(worker.Supervisor).Execute(null!, TestWorker.Cancel);
            await UntilAsync(() => actor.View.LastProofAt == time.Now, "the probe is answered");
            Assert.Equal(SessionStatus.Connected, actor.View.Status);
        }

        Assert.Equal((starts, 0), (provider.Starts, provider.Stops));
        Assert.Equal(before.Transitions, (await HistoryAsync(worker, account)).Transitions);
        Assert.DoesNotContain((await HistoryAsync(worker, account)).Attempts, attempt => attempt.IsTeardown);
    }

    [Fact]
    public async Task Silence_alone_asks_for_a_probe_and_for_nothing_else()
    {
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(provider, time);
        var account = await LinkAsync(worker, provider);
        var actor = worker.Supervisor.Find(account)!;
        var light = new LightPollJob(worker.Supervisor, provider, worker.Get<IOptions<WorkersOptions>>(), time);
        var (starts, probes) = (provider.Starts, provider.Probes);

        await PassAsync(worker, actor, time, TimeSpan.FromMinutes(29));
        await light.Execute(null!, TestWorker.Cancel);
        await actor.SayAsync(new SessionMail.Sweep());
        Assert.Equal(probes, provider.Probes);

        await PassAsync(worker, actor, time, TimeSpan.FromMinutes(2));
        await light.Execute(null!, TestWorker.Cancel);
        await UntilAsync(() => actor.View.LastProofAt == time.Now, "silence asked for a proof");
        Assert.Equal((starts, 0, SessionStatus.Connected), (provider.Starts, provider.Stops, actor.View.Status));
    }

    [Fact]
    public async Task An_outage_of_twenty_minutes_heals_without_a_click_and_gives_up_no_open_socket()
    {
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(provider, time);
        var account = await LinkAsync(worker, provider);
        var actor = worker.Supervisor.Find(account)!;
        await PassAsync(worker, actor, time, TimeSpan.FromMinutes(10));
        var starts = provider.Starts;

        provider.IsReachable = false;
        await provider.SaysAsync(new SessionEvent.Closed(ReasonCode.ConnectionLost));
        for (var end = time.Now + (long)TimeSpan.FromMinutes(20).TotalMilliseconds; time.Now < end;)
        {
            var view = await WaitingAsync(actor, time);
            Assert.NotNull(view.LastError);
            Assert.InRange(view.RetryAt!.Value - time.Now, 1, Backoff.Longest);
            await PassAsync(worker, actor, time, TimeSpan.FromMilliseconds(view.RetryAt.Value - time.Now));
        }

        var last = await WaitingAsync(actor, time);
        provider.IsReachable = true;
        await PassAsync(worker, actor, time, TimeSpan.FromMilliseconds(last.RetryAt!.Value - time.Now));
        await worker.IsAsync(account, SessionStatus.Connected);

        Assert.True(provider.Starts - starts >= 20, $"{provider.Starts - starts} attempts in twenty minutes.");
        Assert.Equal(0, provider.Stops);
        Assert.DoesNotContain((await HistoryAsync(worker, account)).Attempts, attempt => attempt.IsTeardown);
        Assert.Empty(await worker.Get<CommandStore>().Open(account, TestWorker.Cancel));
    }

    [Fact]
    public async Task A_lease_that_only_the_bridge_saw_lapse_comes_back_by_itself()
    {
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(provider, time);
        var account = await LinkAsync(worker, provider);
        var actor = worker.Supervisor.Find(account)!;
        await PassAsync(worker, actor, time, TimeSpan.FromMinutes(1));
        var starts = provider.Starts;

        await provider.SaysAsync(new SessionEvent.Closed(ReasonCode.LeaseLost));
        await worker.WasAsync(account, SessionStatus.Disconnected, ReasonCode.LeaseLost);

        await UntilAsync(() => worker.Supervisor.Find(account)?.Lease.Fence.Epoch > actor.Lease.Fence.Epoch, "the account is taken anew");
        await worker.IsAsync(account, SessionStatus.Connected);
        Assert.Equal(starts + 1, provider.Starts);
    }

    [Fact]
    public async Task Whoever_asks_in_the_moment_the_last_qr_expires_gets_a_new_one()
    {
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(provider, time);
        var account = await worker.AddAsync();
        await worker.AskAsync(account, CommandKind.Pair);
        await worker.QrAsync(account);
        var actor = worker.Supervisor.Find(account)!;
        var before = provider.Listener;

        // The closing handshake of the old socket takes its time.
        await PassAsync(worker, actor, time, TimeSpan.FromSeconds(60));
        await UntilAsync(() => actor.View.QrStatus is QrStatus.Expired, "the last QR is over");
        await worker.AskAsync(account, CommandKind.Pair);
        await UntilAsync(() => provider.Starts == 2, "a new link is begun");
        Assert.Equal(time.Now + 60_000, (await worker.QrAsync(account)).ExpiresAt);

        await before(new ProviderEvent.Changed(new SessionEvent.Closed(ReasonCode.QrExpired)), TestWorker.Cancel);
        Assert.Equal((SessionStatus.QrRequired, QrStatus.Generated), (actor.View.Status, actor.View.QrStatus));
        Assert.NotNull(await worker.QrAsync(account));
    }

    [Fact]
    public async Task A_phone_that_accepts_a_link_whose_place_was_taken_is_not_told_that_it_is_linked()
    {
        var time = new SimulatedTime();
        var provider = new ScriptedProvider(time);
        await using var worker = await StartAsync(provider, time);
        var account = await worker.AddAsync();
        await worker.AskAsync(account, CommandKind.Pair);
        await worker.QrAsync(account);
        var before = provider.Listener;
        await worker.AskAsync(account, CommandKind.Stop);
        await worker.AskAsync(account, CommandKind.Pair);
        await UntilAsync(() => provider.Starts == 2, "another link is begun");
        await worker.QrAsync(account);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => before(new ProviderEvent.Linked("40700000001", "1@lid", "Shop", new Secret("keys")), TestWorker.Cancel));

        await worker.IsAsync(account, SessionStatus.QrRequired);
        Assert.Null((await worker.Get<AccountStore>().Find(account, TestWorker.Cancel))!.Phone);
    }

    private static Task<TestWorker> StartAsync(ScriptedProvider provider, SimulatedTime time) => TestWorker.StartAsync(
        emulator: null,
        settings: values =>
        {
            values["Workers:LeaseDuration"] = Lease.ToString();
            values["Workers:LeaseRenewal"] = "00:00:10";
        },
        services: services =>
        {
            services.AddSingleton<IProvider>(provider);
            services.AddSingleton<TimeProvider>(time);
        });

    private static async Task<AccountId> LinkAsync(TestWorker worker, ScriptedProvider provider)
    {
        var account = await worker.AddAsync();
        await worker.AskAsync(account, CommandKind.Pair);
        await worker.QrAsync(account);
        await provider.Listener(new ProviderEvent.Linked("40700000001", "1@lid", "Shop", new Secret("keys")), TestWorker.Cancel);
        await provider.SaysAsync(new SessionEvent.Closed(ReasonCode.RestartRequired));
        await worker.IsAsync(account, SessionStatus.Connected);
        return account;
    }

    /// <summary>Time passes in small steps, and the worker renews its lease after each.</summary>
    private static async Task PassAsync(TestWorker worker, SessionActor actor, SimulatedTime time, TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= LightPoll)
        {
            time.Pass(left < LightPoll ? left : LightPoll);
            worker.Get<HubLink>().OnConnected();
            await UntilAsync(() => actor.Lease.Left == Lease, "the lease is renewed");
        }

        Assert.Same(actor, worker.Supervisor.Find(actor.AccountId));
    }

    private static async Task<SessionView> WaitingAsync(SessionActor actor, SimulatedTime time)
    {
        await UntilAsync(() => actor.View is { Status: SessionStatus.Disconnected, RetryAt: { } at } && at > time.Now, "the next attempt has its time");
        return actor.View;
    }

    private static Task<AccountHistory> HistoryAsync(TestWorker worker, AccountId account) =>
        worker.Get<SessionStore>().History(account, 1000, TestWorker.Cancel);

    private static Task<bool> UntilAsync(Func<bool> holds, string what) =>
        Eventually.Async(() => Task.FromResult(holds()), static so => so, what, TestWorker.Cancel);
}
