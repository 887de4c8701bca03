using RealtimeWa.Processes;

namespace RealtimeWa.Recovery;

/// <summary>What a worker leaves behind that was asked to stop, before another one comes.</summary>
public sealed class GracefulStopTests(LiveEmulator whatsApp) : IClassFixture<LiveEmulator>
{
    private const string Shop = "40700000301";

    [Fact]
    public async Task The_row_says_why_the_lease_is_free_and_the_connection_is_closed()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);

        // A lease that outlives the test: nothing ends here because it ran out.
        await using var worker = await TestWorker.StartAsync(whatsApp.Emulator, place.Folder, values => values["Workers:LeaseDuration"] = "00:30:00");
        await using var reader = await TestData.OpenAt(place);
        var account = await worker.PairAsync(whatsApp.Emulator, Shop);
        Assert.Equal(account, Assert.Single(await reader.Leases.Held(TestWorker.Cancel)).AccountId);
        Assert.True(await whatsApp.IsOnlineAsync(Shop));

        await worker.StopAsync();

        var left = (await reader.Accounts.Find(account, TestWorker.Cancel))!.Session;
        Assert.Equal((SessionStatus.Disconnected, ReasonCode.WorkerStopped, OperatorAction.Wait), (left.Status, left.Reason, left.Action));
        Assert.Equal((null, null, Reasons.Sentence(ReasonCode.WorkerStopped)), (left.OpenSince, left.RetryAt, left.LastError));
        var last = (await reader.Sessions.History(account, 1, TestWorker.Cancel)).Transitions[0];
        Assert.Equal((SessionStatus.Connected, SessionStatus.Disconnected, ReasonCode.WorkerStopped), (last.From, last.To, last.Reason));
        Assert.Empty(await reader.Leases.Held(TestWorker.Cancel));
        await Eventually.Async(() => whatsApp.IsOnlineAsync(Shop), online => !online, "the device is not connected", TestWorker.Cancel);
    }
}
