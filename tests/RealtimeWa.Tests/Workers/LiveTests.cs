using RealtimeWa.Phones;

namespace RealtimeWa;

/// <summary>The worker with the real bridge, the real Baileys, and the emulator instead of WhatsApp.</summary>
public sealed class LiveTests
{
    private const string Shop = "40700000001";
    private const string Customer = "40711111111";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_phone_is_linked_and_messages_go_both_ways()
    {
        await using var emulator = await Emulator.StartAsync(Cancel);
        await using var worker = await TestWorker.StartAsync(emulator);
        var ana = await emulator.ContactAsync(Customer, "Ana", Cancel);

        var account = await worker.PairAsync(emulator, Shop);
        await ana.SaysAsync(Shop, "are you there?", Cancel);

        var thread = await worker.ThreadAsync(account, Customer);
        var asked = await worker.SeesAsync(thread.Id, message => message.Text is "are you there?", "the question is a row");
        Assert.False(asked.FromMe);

        var answer = await worker.SendAsync(thread.Id, "of course");
        await ana.SeesAsync(Shop, "of course", Cancel);
        await worker.SeesAsync(thread.Id, message => message.Id == answer.Id && message.Status >= MessageStatus.Sent && message.Status <= MessageStatus.Played, "the answer is acknowledged");
    }
}
