using Microsoft.Extensions.DependencyInjection;
using RealtimeWa.Processes;

namespace RealtimeWa.Recovery;

/// <summary>A worker that is stopped while it makes rows of what was only saved: the next one does it.</summary>
public sealed class ReplayStopTests
{
    [Fact]
    public async Task What_came_too_late_for_a_worker_that_stops_is_kept_for_the_next_one()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var (account, key) = await SavedAsync(place);
        await using var reader = await TestData.OpenAt(place);
        var owner = new TaskCompletionSource<SessionActor>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = new ScriptedProvider(TimeProvider.System) { OnReplay = ReplayedTooLateAsync, OnStop = OthersGoOnAsync };
        await using var worker = await TestWorker.StartAsync(emulator: null, place.Folder, services: services => services.AddSingleton<IProvider>(provider));

        await asked.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);
        owner.SetResult(worker.Supervisor.Find(account)!);
        await worker.StopAsync();

        var kept = Assert.Single(await reader.Inbound.Pending(account, 10, TestWorker.Cancel));
        Assert.Equal(key, kept.Key);

        async Task ReplayedTooLateAsync()
        {
            asked.TrySetResult();
            var actor = await owner.Task;
            await Assert.ThrowsAsync<LeaseLostException>(async () =>
            {
                while (true)
                    await actor.SayAsync(new SessionMail.Sweep());
            });
            var items = new InboundItem(key, [TestData.Says("one", "are you there?")], 1);
            await Assert.ThrowsAsync<LeaseLostException>(() => actor.SayAsync(new SessionMail.Arrived([items])));
            answered.TrySetResult();
        }

        // The lease is held until the connection is ended: whoever wants to write still may, and has the time for it.
        async Task OthersGoOnAsync()
        {
            await answered.Task;
            for (var turn = 0; turn < 50; turn++)
                await reader.Database.Write(AccountId.System, _ => { }, TestWorker.Cancel);
        }
    }

    private static async Task<(AccountId Account, string Key)> SavedAsync(TestPlace place)
    {
        await using var data = await TestData.OpenAt(place);
        var fence = await data.Owned();
        await data.Links(fence, "40700000501");
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped);
        var key = await data.Saved(fence);
        await data.Leases.Release(fence, TestData.Cancel);
        return (fence.AccountId, key);
    }
}
