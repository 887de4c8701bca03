using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Recovery;

/// <summary>One phone, two accounts.</summary>
public sealed class SupersedeLiveTests
{
    private const string Shop = "40700000001";
    private const string Customer = "40711111111";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newer_link_wins_and_the_older_one_leaves_no_device_behind()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        await using var worker = await TestWorker.StartAsync(emulator);
        var ana = await emulator.ContactAsync(Customer, "Ana", Cancel);
        var older = await worker.PairAsync(emulator, Shop);
        await ana.SaysAsync(Shop, "from before", Cancel);
        var thread = await worker.ThreadAsync(older, Customer);

        var newer = await worker.PairAsync(emulator, Shop);

        var closed = await worker.IsAsync(older, SessionStatus.Error, ReasonCode.DuplicateNumber);
        Assert.Equal((OperatorAction.ContactAdmin, Reasons.Sentence(ReasonCode.DuplicateNumber)), (closed.Action, closed.LastError));
        await Eventually.Async(
            async () => (await emulator.GetAsync($"api/accounts/{Shop}", Cancel)).GetProperty("devices").GetArrayLength(),
            devices => devices == 1,
            "the phone lists one linked device",
            Cancel);
        await worker.IsAsync(newer, SessionStatus.Connected);
        Assert.Empty(await worker.Get<CommandStore>().Open(older, Cancel));

        // The customer reaches the newer one, and what was said to the older one is still there.
        await ana.SaysAsync(Shop, "and now", Cancel);
        await worker.SeesAsync((await worker.ThreadAsync(newer, Customer)).Id, message => message.Text is "and now", "it comes to the newer one");
        await worker.SeesAsync(thread.Id, message => message.Text is "from before", "the older one's is readable");
    }
}
