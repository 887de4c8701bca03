using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>A connection of a lease that is over, ended late: the one of the next lease speaks on.</summary>
public sealed class OlderLinkTests
{
    // Whoever asks it to stop something hears that the newest connection is open.
    private const string Open = """
        console.log(JSON.stringify({ hello: { protocol: 1, baileys: 'x', node: process.version, pid: process.pid } }));
        let newest;
        process.stdin.on('data', chunk => {
          for (const line of chunk.toString().split('\n').filter(Boolean)) {
            const { id, op, account, epoch } = JSON.parse(line);
            console.log(JSON.stringify({ re: id, ok: {} }));
            if (op === 'start') newest = { account, epoch };
            if (op === 'stop') console.log(JSON.stringify({ id: 1, ev: 'state', ...newest, body: { state: 'open' } }));
          }
        });
        """;

    [Fact]
    public async Task Who_ends_an_older_connection_leaves_the_newer_one_alone()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var older = Held(await data.Owned());
        var options = Options.Create(new BridgeOptions { Script = await TestScript.WriteAsync(Open) });
        await using var provider = new BaileysProvider(data.Keys, options, NullLogger<BaileysProvider>.Instance, TimeProvider.System);
        await provider.StartAsync(older, fresh: true, static (_, _) => Task.CompletedTask, TestWorker.Cancel);
        var newer = Held(await data.TakenOver());
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await provider.StartAsync(newer, fresh: true, HearAsync, TestWorker.Cancel);

        await provider.StopAsync(older, logout: false, TestWorker.Cancel);

        await opened.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);

        Task HearAsync(ProviderEvent said, CancellationToken cancel)
        {
            if (said is ProviderEvent.Changed { Event: SessionEvent.Opened })
                opened.TrySetResult();
            return Task.CompletedTask;
        }
    }

    private static HeldLease Held(Fence fence) => new(fence, TimeProvider.System, TimeProvider.System.GetTimestamp(), TimeSpan.FromMinutes(10));
}
