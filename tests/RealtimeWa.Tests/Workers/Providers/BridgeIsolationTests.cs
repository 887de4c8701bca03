using System.Diagnostics;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>What happens to one account or its bridge, and what the account beside it notices of that: nothing.</summary>
[Collection(nameof(Alone))]
public sealed class BridgeIsolationTests(LiveEmulator whatsApp) : IClassFixture<LiveEmulator>
{
    private const long NoticedWithin = 300;

    // A machine that is busy may be late with the news itself: kept in one of three kills, the limit is the product's.
    private const int Kills = 3;

    [Fact]
    public async Task A_bridge_that_is_killed_is_noticed_at_once_and_takes_down_only_its_own_account()
    {
        await using var worker = await StartAsync(values => values["Bridge:AccountsPerProcess"] = "1");
        var (one, two) = await PairBothAsync(worker, "40700000311", "40700000312");
        var late = long.MaxValue;
        for (var kill = 0; kill < Kills && late > NoticedWithin; kill++)
        {
            var (oneBefore, twoBefore) = (await SeenAsync(worker, one), await SeenAsync(worker, two));
            Assert.NotEqual(oneBefore.Bridge, twoBefore.Bridge);

            late = await KillAsync(worker, one.Account, oneBefore.Bridge!.Value);

            await worker.IsAsync(one.Account, SessionStatus.Connected);
            var oneAfter = await SeenAsync(worker, one);
            Assert.NotEqual(oneBefore.Bridge, oneAfter.Bridge);
            Assert.True(oneAfter.Logins > oneBefore.Logins);
            await IsAsBeforeAsync(worker, two, twoBefore);
        }

        Assert.True(late <= NoticedWithin, $"Noticed {late} ms after its end, also the last time.");
    }

    [Fact]
    public async Task Stopping_and_reconnecting_one_account_leaves_the_other_in_the_same_process_alone()
    {
        await using var worker = await StartAsync();
        var (one, two) = await PairBothAsync(worker, "40700000321", "40700000322");
        var (oneBefore, twoBefore) = (await SeenAsync(worker, one), await SeenAsync(worker, two));
        Assert.Equal(oneBefore.Bridge, twoBefore.Bridge);

        await worker.AskAsync(one.Account, CommandKind.Stop);
        await worker.IsAsync(one.Account, SessionStatus.Disconnected, ReasonCode.StoppedByPerson);
        await Eventually.Async(() => whatsApp.IsOnlineAsync(one.Phone), online => !online, "the stopped one is closed", TestWorker.Cancel);
        await IsAsBeforeAsync(worker, two, twoBefore);

        await worker.AskAsync(one.Account, CommandKind.Connect);
        await worker.IsAsync(one.Account, SessionStatus.Connected);
        var logins = await whatsApp.LoginsAsync(one.Phone);
        await worker.AskAsync(one.Account, CommandKind.Reconnect);
        await Eventually.Async(() => whatsApp.LoginsAsync(one.Phone), count => count > logins, "it logged in anew", TestWorker.Cancel);
        await worker.IsAsync(one.Account, SessionStatus.Connected);
        await IsAsBeforeAsync(worker, two, twoBefore);
    }

    [Fact]
    public async Task A_bridge_that_hangs_is_found_by_the_light_poll_and_its_account_comes_back()
    {
        await using var worker = await StartAsync(values =>
        {
            values["Workers:LeaseDuration"] = "00:30:00";
            values["Workers:LightPoll"] = "00:00:01";
        });
        var account = await worker.PairAsync(whatsApp.Emulator, "40700000331");
        var hung = BridgeOf(worker, account)!.Value;

        Signals.Send(hung, "STOP");
        await worker.WasAsync(account, SessionStatus.Disconnected, ReasonCode.BridgeStopped);
        await worker.IsAsync(account, SessionStatus.Connected);

        Assert.NotEqual(hung, BridgeOf(worker, account));
        var ana = await whatsApp.Emulator.ContactAsync("40711110331", "Ana", TestWorker.Cancel);
        await ana.SaysAsync("40700000331", "are you back?", TestWorker.Cancel);
        var thread = await worker.ThreadAsync(account, ana.Phone);
        await worker.SeesAsync(thread.Id, message => message.Text is "are you back?", "the next bridge hears");
    }

    /// <returns>How long after its end its account was down, in milliseconds; before zero where the worker knew of it before this test.</returns>
    private static async Task<long> KillAsync(TestWorker worker, AccountId account, int bridge)
    {
        using var watched = Process.GetProcessById(bridge);
        var killedAt = Now();
        Signals.Send(bridge, "KILL");
        await watched.WaitForExitAsync(TestWorker.Cancel);
        var endedAt = Now();

        var history = await Eventually.Async(
            () => worker.Get<SessionStore>().History(account, 1000, TestWorker.Cancel),
            found => found.Transitions.Any(Fell),
            "the account is down because its bridge stopped",
            TestWorker.Cancel);
        return history.Transitions.First(Fell).At - endedAt;

        bool Fell(TransitionView change) =>
            change is { To: SessionStatus.Disconnected, Reason: ReasonCode.BridgeStopped } && change.At >= killedAt;
    }

    private Task<TestWorker> StartAsync(Action<Dictionary<string, string?>>? settings = null) => TestWorker.StartAsync(whatsApp.Emulator, settings: values =>
    {
        values["Bridge:History"] = "false";
        settings?.Invoke(values);
    });

    private async Task<(Number One, Number Two)> PairBothAsync(TestWorker worker, string one, string two) =>
        (new(await worker.PairAsync(whatsApp.Emulator, one), one), new(await worker.PairAsync(whatsApp.Emulator, two), two));

    /// <summary>It works, and nothing happened to it.</summary>
    private async Task IsAsBeforeAsync(TestWorker worker, Number number, Seen before)
    {
        var actor = worker.Supervisor.Find(number.Account)!;
        var proof = actor.View.LastProofAt;
        actor.Post(new SessionEvent.ProbeDue());
        await Eventually.Async(() => Task.FromResult(actor.View.LastProofAt), at => at > proof, "its connection answers", TestWorker.Cancel);

        var now = await SeenAsync(worker, number);
        Assert.Equal((before.Bridge, before.Logins), (now.Bridge, now.Logins));
        Assert.Equal(before.Transitions, now.Transitions);
        Assert.True(await whatsApp.IsOnlineAsync(number.Phone));
    }

    private async Task<Seen> SeenAsync(TestWorker worker, Number number) => new(
        BridgeOf(worker, number.Account),
        await whatsApp.LoginsAsync(number.Phone),
        (await worker.Get<SessionStore>().History(number.Account, 1000, TestWorker.Cancel)).Transitions);

    private static int? BridgeOf(TestWorker worker, AccountId account) => ((BaileysProvider)worker.Get<IProvider>()).ProcessOf(account);

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Number(AccountId Account, string Phone);

    private sealed record Seen(int? Bridge, int Logins, IReadOnlyList<TransitionView> Transitions);
}
