using Microsoft.Extensions.DependencyInjection;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>An actor that hangs past its lease, while the same worker takes the account anew.</summary>
public sealed class OlderActorTests
{
    [Fact]
    public async Task The_end_of_an_older_actor_leaves_the_connection_of_the_newer_one_alone()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var account = await LinkedAsync(place);
        var time = new SimulatedTime();
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = new ScriptedProvider(time) { OnStop = HangAsync };
        await using var worker = await TestWorker.StartAsync(emulator: null, place.Folder, services: services =>
        {
            services.AddSingleton<IProvider>(provider);
            services.AddSingleton<TimeProvider>(time);
        });
        await worker.IsAsync(account, SessionStatus.Connected);
        var older = worker.Supervisor.Find(account)!;

        older.Post(new SessionEvent.LeaseLost());
        await Eventually.Async(() => Task.FromResult(provider.Stops), static stops => stops == 1, "it ends its connection", TestWorker.Cancel);
        await worker.Get<LeaseStore>().Release(older.Lease.Fence, TestWorker.Cancel);
        await worker.RingCommandsAsync(new AccountId(account.Value + 1));
        await Eventually.Async(
            () => Task.FromResult(worker.Supervisor.Find(account)),
            actor => actor is { IsConnected: true } && actor != older,
            "the account is taken anew",
            TestWorker.Cancel);
        Assert.False(older.Ended.IsCompleted);
        mayEnd.SetResult();
        await older.Ended;
        await worker.StopAsync();

        Assert.Equal(1, provider.Forgotten);

        Task HangAsync() => mayEnd.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);
    }

    private static async Task<AccountId> LinkedAsync(TestPlace place)
    {
        await using var data = await TestData.OpenAt(place);
        var fence = await data.Owned();
        await data.Links(fence, "40700000801");
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped);
        await data.Leases.Release(fence, TestData.Cancel);
        return fence.AccountId;
    }
}
