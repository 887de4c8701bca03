using RealtimeWa.Processes;

namespace RealtimeWa;

public sealed class HubLinkTests
{
    private static CancellationToken Cancel => TestWorker.Cancel;

    [Fact]
    public async Task What_changes_rings_the_hub_and_the_hub_rings_the_worker()
    {
        await using var worker = await TestWorker.StartAsync(emulator: null);

        var account = await worker.AddAsync();
        await worker.AskAsync(account, CommandKind.Stop);
        await Eventually.Async(
            async () => (await worker.Get<CommandStore>().Open(account, Cancel)).Count, open => open == 0, "the command is done", Cancel);

        Assert.Single(worker.Hub.Workers);
    }

    [Fact]
    public async Task A_hub_that_goes_away_is_found_again()
    {
        await using var worker = await TestWorker.StartAsync(emulator: null);
        await Eventually.Async(() => Task.FromResult(worker.Hub.Workers.Count), count => count == 1, "the worker said hello", Cancel);

        worker.Hub.Connections.Single().Abort();

        await Eventually.Async(() => Task.FromResult(worker.Hub.Workers.Count), count => count == 2, "the worker said hello again", Cancel);
        var account = new AccountId(1);
        worker.Get<HubLink>().Ring(new Doorbell(account, 5));
        worker.Get<HubLink>().Ring(new Doorbell(account, 7));
        await Eventually.Async(
            () => Task.FromResult(worker.Hub.Doorbells.LastOrDefault()), bell => bell == new Doorbell(account, 7), "the doorbell was heard", Cancel);
    }

    [Fact]
    public async Task A_worker_that_is_refused_asks_again_later_and_goes_on_working()
    {
        await using var worker = await TestWorker.StartAsync(emulator: null, settings: values => values["Workers:Sweep"] = "00:00:01");
        worker.Hub.Refusal = "This worker is too old. Update it.";
        await Eventually.Async(() => Task.FromResult(worker.Hub.Connections.Count), count => count == 1, "the worker came", Cancel);
        worker.Hub.Connections.First().Abort();
        await Eventually.Async(() => Task.FromResult(worker.Hub.Workers.Count), count => count >= 2, "the worker asked again", Cancel);

        var account = await worker.AddAsync();
        await worker.Get<CommandStore>().Add(account, CommandKind.Stop, null, Cancel);

        await Eventually.Async(
            async () => (await worker.Get<CommandStore>().Open(account, Cancel)).Count, open => open == 0, "the command is done without a hub", Cancel);
    }
}
