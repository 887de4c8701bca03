using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Recovery;

/// <summary>What people read of a session's past, with the real bridge and the emulator.</summary>
public sealed class RecoveryLiveTests
{
    private const string Shop = "40700000001";
    private const string Customer = "40711111111";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_customers_wrote_while_the_network_was_away_is_counted_when_it_is_back()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        await using var worker = await TestWorker.StartAsync(emulator);
        var ana = await emulator.ContactAsync(Customer, "Ana", Cancel);
        var account = await worker.PairAsync(emulator, Shop);
        Assert.Empty((await HistoryAsync(worker, account)).Attempts);

        await emulator.PostAsync("api/network", new { reachable = false }, Cancel);
        await worker.IsAsync(account, SessionStatus.Disconnected);
        await ana.BurstAsync(Shop, 3, "while you were away {n}", Cancel);
        await emulator.PostAsync("api/network", new { reachable = true }, Cancel);

        var history = await Eventually.Async(
            () => HistoryAsync(worker, account), found => found.Gaps is [{ Repaired: 3 }], "three messages are repaired", Cancel);
        var gap = Assert.Single(history.Gaps);
        Assert.True(gap.From < gap.To);
        Assert.Equal(0, gap.Unknown);
        Assert.Equal(AttemptOutcome.Connected, history.Attempts[0].Outcome);
        Assert.All(history.Attempts, attempt => Assert.False(attempt.IsTeardown));
        Assert.Contains(await LogAsync(worker, account), told => told.Kind is EventKind.SessionChanged && told.At >= gap.To);
    }

    [Fact]
    public async Task A_restart_of_the_program_is_one_gap()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        var ana = await emulator.ContactAsync(Customer, "Ana", Cancel);
        await using var before = await TestWorker.StartAsync(emulator);
        var account = await before.PairAsync(emulator, Shop);
        await before.StopAsync();
        await ana.SaysAsync(Shop, "anybody there?", Cancel);

        await using var after = await TestWorker.StartAsync(emulator, before.Folder);
        await after.IsAsync(account, SessionStatus.Connected);

        var history = await Eventually.Async(() => HistoryAsync(after, account), found => found.Gaps is [{ Repaired: 1 }], "the message is repaired", Cancel);
        Assert.Equal(ReasonCode.WorkerStopped, Assert.Single(history.Gaps).Reason);
        Assert.Equal((ReasonCode.WorkerStopped, AttemptOutcome.Connected), (history.Attempts[^1].Cause, history.Attempts[0].Outcome));
        Assert.All(history.Attempts, attempt => Assert.False(attempt.IsTeardown));
    }

    [Fact]
    public async Task A_frozen_socket_is_torn_down_and_its_gap_begins_at_the_last_sign_of_life()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        await using var worker = await TestWorker.StartAsync(emulator, settings: values => values["Workers:ProbeTimeout"] = "00:00:06");
        var ana = await emulator.ContactAsync(Customer, "Ana", Cancel);
        var account = await worker.PairAsync(emulator, Shop);
        await ana.SaysAsync(Shop, "hello", Cancel);
        await worker.ThreadAsync(account, Customer);
        var alive = worker.Supervisor.Find(account)!.View;
        Assert.True(alive.OpenSince <= alive.LastProofAt);
        Assert.True(alive.LastEventAt >= alive.OpenSince);
        Assert.True(alive.BridgeMemory > 10_000_000);

        await emulator.PostAsync($"api/accounts/{Shop}/disconnect", new { mode = "freeze" }, Cancel);
        worker.Supervisor.Find(account)!.Post(new SessionEvent.ProbeDue());
        await worker.WasAsync(account, SessionStatus.Disconnected, ReasonCode.ProbeFailed);
        var down = (await worker.ToldAsync(account)).First(view => view is { Status: SessionStatus.Disconnected, Reason: ReasonCode.ProbeFailed });
        Assert.Null(down.OpenSince);

        await worker.IsAsync(account, SessionStatus.Connected);
        var history = await HistoryAsync(worker, account);
        var torn = Assert.Single(history.Attempts);
        Assert.Equal((ReasonCode.ProbeFailed, true, AttemptOutcome.Connected), (torn.Cause, torn.IsTeardown, torn.Outcome));
        var gap = Assert.Single(history.Gaps);
        Assert.Equal((ReasonCode.ProbeFailed, Math.Max(down.LastProofAt!.Value, down.LastEventAt!.Value)), (gap.Reason, gap.From));
    }

    [Fact]
    public async Task After_three_teardowns_within_an_hour_a_person_is_asked_also_by_the_next_worker()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        await using var before = await TestWorker.StartAsync(emulator);
        var account = await before.PairAsync(emulator, Shop);
        var owner = before.Supervisor.Find(account)!;
        for (var i = 0; i < SessionMachine.TeardownsPerHour; i++)
        {
            var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await before.Get<SessionStore>().Transition(
                owner.Lease.Fence,
                owner.View,
                qr: null,
                detail: null,
                [new HistoryStep.AttemptBegan(at, ReasonCode.ProbeFailed, IsTeardown: true), new HistoryStep.AttemptEnded(at, AttemptOutcome.Connected, Reason: null)],
                Cancel);
        }

        await before.StopAsync();
        await using var after = await TestWorker.StartAsync(emulator, before.Folder, values => values["Workers:ProbeTimeout"] = "00:00:06");
        await after.IsAsync(account, SessionStatus.Connected);
        await emulator.PostAsync($"api/accounts/{Shop}/disconnect", new { mode = "freeze" }, Cancel);
        after.Supervisor.Find(account)!.Post(new SessionEvent.ProbeDue());

        var asked = await after.IsAsync(account, SessionStatus.Error, ReasonCode.ProbeFailed);
        Assert.Equal((OperatorAction.Reconnect, Reasons.ProbesExhausted), (asked.Action, asked.LastError));

        await after.AskAsync(account, CommandKind.Reconnect);
        await after.IsAsync(account, SessionStatus.Connected);
        Assert.Empty((await after.Get<SessionStore>().Load(account, Cancel))!.Teardowns);
    }

    [Fact]
    public async Task What_WhatsApp_says_about_an_account_stands_until_its_end()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        await using var worker = await TestWorker.StartAsync(emulator);
        var account = await worker.PairAsync(emulator, Shop);

        var until = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds() * 1000;
        await emulator.PostAsync($"api/accounts/{Shop}/limits", new { reachoutUntil = until }, Cancel);
        var locked = Assert.Single(await NoticesAsync(worker, account, notices => notices.Count == 1, "the lock is shown"));
        Assert.Equal(("reachout_time_lock", until), (locked.Kind, locked.Until));

        await emulator.PostAsync($"api/accounts/{Shop}/limits", new { }, Cancel);
        await NoticesAsync(worker, account, notices => notices.Count == 0, "it was lifted");

        var soon = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 15) * 1000;
        await emulator.PostAsync($"api/accounts/{Shop}/limits", new { reachoutUntil = soon }, Cancel);
        await NoticesAsync(worker, account, notices => notices.Count == 1, "the next lock is shown");
        await NoticesAsync(worker, account, notices => notices.Count == 0, "it ends by itself");
        Assert.True(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() >= soon);
    }

    private static Task<AccountHistory> HistoryAsync(TestWorker worker, AccountId account) => worker.Get<SessionStore>().History(account, 100, Cancel);

    private static async Task<IReadOnlyList<EventView>> LogAsync(TestWorker worker, AccountId account) =>
        (await worker.Get<EventStore>().After(account, 0, 10_000, Cancel)).Events;

    private static async Task<IReadOnlyList<NoticeView>> NoticesAsync(
        TestWorker worker, AccountId account, Func<IReadOnlyList<NoticeView>, bool> fits, string what) =>
        (await Eventually.Async(() => worker.Get<AccountStore>().Find(account, Cancel), view => fits(view!.Session.Notices), what, Cancel))!.Session.Notices;
}
