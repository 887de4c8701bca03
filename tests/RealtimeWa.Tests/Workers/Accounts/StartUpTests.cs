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
            await Task.WhenAll(worker.Supervisor.Actors.Select(actor => actor.SayAsync(new SessionMail.Sweep())));
        }
    }

    private static Task<TestWorker> StartAsync(TestPlace place, SimulatedTime time, ScriptedProvider provider, string? stagger) => TestWorker.StartAsync(
        emulator: null,
        place.Folder,
        values =>
        {
            values["Workers:LeaseDuration"] = "00:05:00";
            values["Workers:LeaseRenewal"] = "00:02:00";
            values["Workers:StartStagger"] = stagger;
        },
        services =>
        {
            services.AddSingleton<IProvider>(provider);
            services.AddSingleton<TimeProvider>(time);
        });

    /// <summary>Two accounts that are not to be started, one of them linked, and after them those that are, as a worker leaves them that stops.</summary>
    private static async Task<(AccountId Kept, AccountId Unlinked)> FillAsync(TestPlace place)
    {
        await using var data = await TestData.OpenAt(place);
        var kept = await LinkedAsync(data, 0);
        await data.Database.Write(kept, tx => { tx.Run(new Sql("UPDATE accounts SET auto_connect = 0 WHERE id = @id"), kept.Value); }, TestData.Cancel);
        var unlinked = await data.Owned();
        for (var number = 1; number <= Linked; number++)
            await LinkedAsync(data, number);
        foreach (var fence in await data.Leases.Held(TestData.Cancel))
            await data.Leases.Release(fence, TestData.Cancel);
        return (kept, unlinked.AccountId);
    }

    private static async Task<AccountId> LinkedAsync(TestData data, int number)
    {
        var fence = await data.Owned();
        await data.Links(fence, $"407000004{number:00}");
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped);
        return fence.AccountId;
    }
}
