using Microsoft.Extensions.DependencyInjection;

namespace RealtimeWa.Sessions;

/// <summary>A database that refuses while a connection is begun: what passes is waited for, what doesn't needs a person.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task A_database_that_is_busy_for_a_moment_is_asked_again_by_itself()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var account = await LinkedAsync(place);
        var time = new SimulatedTime();
        var left = 1;
        await using var worker = await StartAsync(place, time, () => left-- > 0
            ? throw new StorageRefusedException(StorageRefusal.Busy, "The database is busy.")
            : Task.CompletedTask);

        var waits = await worker.IsAsync(account, SessionStatus.Disconnected, ReasonCode.StorageRefused);
        Assert.Equal("The database is busy.", waits.LastError);

        time.Pass(TimeSpan.FromMilliseconds(waits.RetryAt!.Value - time.Now));
        await worker.IsAsync(account, SessionStatus.Connected);
    }

    [Theory]
    [InlineData(StorageRefusal.KeyRingMissing)]
    [InlineData(StorageRefusal.Tampered)]
    public async Task Keys_that_cant_be_read_wait_for_a_person(StorageRefusal refusal)
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        var account = await LinkedAsync(place);
        await using var worker = await StartAsync(
            place, new SimulatedTime(), () => throw new StorageRefusedException(refusal, "The keys can't be read."));

        var view = await worker.IsAsync(account, SessionStatus.Error, ReasonCode.StorageRefused);

        Assert.Equal(("The keys can't be read.", OperatorAction.ContactAdmin, null), (view.LastError, view.Action, view.RetryAt));
    }

    private static Task<TestWorker> StartAsync(TestPlace place, SimulatedTime time, Func<Task> onStart) => TestWorker.StartAsync(
        emulator: null,
        place.Folder,
        services: services =>
        {
            services.AddSingleton<IProvider>(new ScriptedProvider(time) { OnStart = onStart });
            services.AddSingleton<TimeProvider>(time);
        });

    private static async Task<AccountId> LinkedAsync(TestPlace place)
    {
        await using var data = await TestData.OpenAt(place);
        var fence = await data.Owned();
        await data.Links(fence, "40700000601");
        await data.Becomes(fence, SessionStatus.Disconnected, ReasonCode.WorkerStopped);
        await data.Leases.Release(fence, TestData.Cancel);
        return fence.AccountId;
    }
}
