using RealtimeWa.Browser;
using RealtimeWa.Processes;
using RealtimeWa.Town;

namespace RealtimeWa;

/// <summary>
/// The dot never shows green for what is dead: how soon it is red in a real Chromium, through the real Baileys, and that it is green again without a click.
/// Every time is taken where it happens, never from how long the test waited.
/// </summary>
public sealed class StatusTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan HungAfterProbe = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DeadBridge = TimeSpan.FromSeconds(1);

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_socket_that_is_open_and_dead_is_red_ten_seconds_after_its_next_probe_and_green_again_by_itself()
    {
        await using var town = await LinkedTown.OpenAsync(
            Ends, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Workers__DeepPoll"] = ProbeEvery.ToString("c") });
        var dot = await DotAsync(town);

        var frozen = Now();
        await town.Emulator.PostAsync($"api/accounts/{LinkedTown.Phone}/disconnect", new { mode = "freeze" }, Ends);

        await IsRedWithinAsync(dot, frozen, ProbeEvery + HungAfterProbe);
    }

    [Fact]
    public async Task A_bridge_that_is_killed_is_red_within_a_second_and_green_again_by_itself()
    {
        await using var town = await LinkedTown.OpenAsync(Ends);
        var dot = await DotAsync(town);

        var bridge = Assert.Single(town.Product.Process.BridgeIds);
        var killed = Now();
        Signals.Send(bridge, "KILL");

        await IsRedWithinAsync(dot, killed, DeadBridge);
    }

    private async Task<DotWatch> DotAsync(LinkedTown town)
    {
        var ana = await OperatorPage.SignInAsync(chromium, town.Product.Url);
        await ana.OpensChatAsync();
        return await DotWatch.BeginAsync(ana.Page);
    }

    /// <summary>Red because of the number, and of nothing else; then green.</summary>
    private async Task IsRedWithinAsync(DotWatch dot, long since, TimeSpan limit)
    {
        var red = await dot.TurnsAsync("down", since, Ends);
        var green = await dot.TurnsAsync("ok", red.At, Ends);
        output.WriteLine($"Red after {red.At - since} ms, green after {green.At - since} ms: {string.Join(", ", await dot.ChangesAsync())}");
        Assert.Equal("accounts", red.Fault);
        Assert.InRange(red.At - since, 0, (long)limit.TotalMilliseconds);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
