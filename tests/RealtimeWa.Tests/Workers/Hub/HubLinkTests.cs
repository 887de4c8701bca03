using RealtimeWa.Processes;

namespace RealtimeWa;

public sealed class HubLinkTests
{
    private static CancellationToken Cancel => TestWorker.Cancel;

    [Fact]
    public async Task What_is_asked_is_done_by_the_worker_of_the_same_process()
    {
        await using var worker = await TestWorker.StartAsync(emulator: null);

        var account = await worker.AddAsync();
        await worker.AskAsync(account, CommandKind.Stop);
        await Eventually.Async(
            async () => (await worker.Get<CommandStore>().Open(account, Cancel)).Count, open => open == 0, "the command is done", Cancel);

        await Eventually.Async(() => Task.FromResult(worker.Hub.Workers.Count), count => count == 1, "the worker said hello", Cancel);
    }

    [Fact]
    public async Task A_hub_that_goes_away_is_found_again()
    {
        await using var worker = await TestWorker.StartAsync(emulator: null);
        await Eventually.Async(() => Task.FromResult(worker.Hub.Workers.Count), count => count == 1, "the worker said hello", Cancel);

        worker.Hub.Connections.Single().Abort();

        await Eventually.Async(() => Task.FromResult(worker.Hub.Workers.Count), count => count == 2, "the worker said hello again", Cancel);
        var typing = new TypingView(new AccountId(1), new ThreadId(2), IsComposing: true);
        worker.Get<HubLink>().Type(typing);
        await Eventually.Async(() => Task.FromResult(worker.Hub.Typing.LastOrDefault()), heard => heard == typing, "somebody's typing was heard", Cancel);
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
