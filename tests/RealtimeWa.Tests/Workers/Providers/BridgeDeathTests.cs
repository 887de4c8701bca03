using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>A bridge that dies: it is noticed at once, and what it had written counts.</summary>
public sealed class BridgeDeathTests
{
    private const int Commits = 300;

    // The first one asks to save many credentials and dies; the next one shows as a QR what it was given.
    private const string Dying = """
        console.log(JSON.stringify({ hello: { protocol: 1, baileys: 'x', node: process.version, pid: process.pid } }));
        process.stdin.on('data', chunk => {
          for (const line of chunk.toString().split('\n').filter(Boolean)) {
            const { id, op, account, epoch, body } = JSON.parse(line);
            if (op !== 'start') continue;
            console.log(JSON.stringify({ re: id, ok: {} }));
            if (body.creds) {
              console.log(JSON.stringify({ id: 1, ev: 'state', account, epoch, body: { state: 'qr', qr: body.creds, expiresInMs: 60000 } }));
              continue;
            }
            let words = '';
            for (let number = 1; number <= 300; number++)
              words += JSON.stringify({ id: number, ev: 'commit', account, epoch, body: { keys: [], creds: String(number) } }) + '\n';
            process.stdout.write(words, () => process.kill(process.pid, 'SIGKILL'));
          }
        });
        """;

    // A phone accepts before the start is answered; then it shows as a QR what it was told.
    private const string Hasty = """
        console.log(JSON.stringify({ hello: { protocol: 1, baileys: 'x', node: process.version, pid: process.pid } }));
        let start;
        process.stdin.on('data', chunk => {
          for (const line of chunk.toString().split('\n').filter(Boolean)) {
            const frame = JSON.parse(line);
            const { account, epoch } = start ??= frame;
            if (frame.op === 'start')
              console.log(JSON.stringify({ id: 1, ev: 'state', account, epoch, body: { state: 'paired', phone: '40700000001', creds: '{}' } }));
            if (frame.re !== 1) continue;
            console.log(JSON.stringify({ re: start.id, ok: {} }));
            console.log(JSON.stringify({ id: 2, ev: 'state', account, epoch, body: { state: 'qr', qr: frame.err?.code ?? 'ok', expiresInMs: 60000 } }));
          }
        });
        """;

    // The second account's answer is written behind news of the first one, and then it dies.
    private const string Answering = """
        console.log(JSON.stringify({ hello: { protocol: 1, baileys: 'x', node: process.version, pid: process.pid } }));
        let first;
        process.stdin.on('data', chunk => {
          for (const line of chunk.toString().split('\n').filter(Boolean)) {
            const { id, op, account, epoch } = JSON.parse(line);
            if (op !== 'start') continue;
            const answer = JSON.stringify({ re: id, ok: {} }) + '\n';
            if (!first) {
              first = { account, epoch };
              process.stdout.write(answer);
              continue;
            }
            const news = JSON.stringify({ id: 1, ev: 'state', ...first, body: { state: 'open' } }) + '\n';
            process.stdout.write(news + answer, () => process.kill(process.pid, 'SIGKILL'));
          }
        });
        """;

    // It leaves a child behind that keeps the pipe open.
    private const string Orphaned = """
        import { spawn } from 'node:child_process';
        const child = spawn(process.execPath, ['-e', 'process.stdin.resume().on("end", () => process.exit())'], { stdio: ['inherit', 'inherit', 'ignore'] });
        child.on('spawn', () => {
          console.log(JSON.stringify({ hello: { protocol: 1, baileys: 'x', node: process.version, pid: process.pid } }));
        });
        """;

    [Fact]
    public async Task What_it_had_asked_to_save_is_saved_before_the_next_one_gets_the_account()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        var options = Options.Create(new BridgeOptions { Script = await TestScript.WriteAsync(Dying) });
        await using var provider = new BaileysProvider(data.Keys, options, NullLogger<BaileysProvider>.Instance, TimeProvider.System);
        var lease = new HeldLease(fence, TimeProvider.System, TimeProvider.System.GetTimestamp(), TimeSpan.FromMinutes(10));
        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var given = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        Task HearAsync(ProviderEvent said, CancellationToken cancel)
        {
            if (said is ProviderEvent.Changed { Event: SessionEvent.BridgeDied })
                died.TrySetResult();
            if (said is ProviderEvent.Changed { Event: SessionEvent.QrShown shown })
                given.TrySetResult(shown.Qr.Text);
            return Task.CompletedTask;
        }

        // The database is slow: what the first one asked for waits while the next one is wanted.
        Assert.Null(await data.Keys.Creds(fence.AccountId, TestWorker.Cancel));
        using var gate = new ManualResetEventSlim();
        var slow = data.Database.Write(AccountId.System, _ => gate.Wait(TestWorker.Cancel), TestWorker.Cancel);

        // It dies right after its answer: the start says so, or the listener hears it.
        var first = provider.StartAsync(lease, fresh: false, HearAsync, TestWorker.Cancel).WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);
        if (await Record.ExceptionAsync(() => first) is not ProviderRefusedException)
            await died.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);
        var next = provider.StartAsync(lease, fresh: false, HearAsync, TestWorker.Cancel);
        await Eventually.Async(() => Task.FromResult(provider.ProcessOf(fence.AccountId)), id => id is not null, "the next bridge runs", TestWorker.Cancel);
        gate.Set();
        await slow;
        await next;

        Assert.Equal(
            Commits.ToString(System.Globalization.CultureInfo.InvariantCulture),
            await given.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel));
    }

    [Fact]
    public async Task A_link_that_is_not_the_one_that_counts_is_refused_and_not_just_forgotten()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        var options = Options.Create(new BridgeOptions { Script = await TestScript.WriteAsync(Hasty) });
        await using var provider = new BaileysProvider(data.Keys, options, NullLogger<BaileysProvider>.Instance, TimeProvider.System);
        var lease = new HeldLease(fence, TimeProvider.System, TimeProvider.System.GetTimestamp(), TimeSpan.FromMinutes(10));
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        await provider.StartAsync(lease, fresh: true, HearAsync, TestWorker.Cancel).WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);

        Assert.Equal("refused", await told.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel));

        Task HearAsync(ProviderEvent said, CancellationToken cancel)
        {
            if (said is ProviderEvent.Changed { Event: SessionEvent.QrShown shown })
                told.TrySetResult(shown.Qr.Text);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_start_that_is_answered_by_a_bridge_that_is_dead_has_failed()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var options = Options.Create(new BridgeOptions { Script = await TestScript.WriteAsync(Answering), AccountsPerProcess = 2 });
        await using var provider = new BaileysProvider(data.Keys, options, NullLogger<BaileysProvider>.Instance, TimeProvider.System);
        using var died = new ManualResetEventSlim();
        await StartAsync(DeadBeforeTheNextLine);

        // The answer is read only after the death is known.
        var refused = await Assert.ThrowsAsync<ProviderRefusedException>(
            () => StartAsync(static (_, _) => Task.CompletedTask).WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel));

        Assert.Equal((ProviderRefusal.Failed, Reasons.Sentence(ReasonCode.BridgeStopped)), (refused.Refusal, refused.Message));

        async Task StartAsync(ProviderListener listener)
        {
            var lease = new HeldLease(await data.Owned(), TimeProvider.System, TimeProvider.System.GetTimestamp(), TimeSpan.FromMinutes(10));
            await provider.StartAsync(lease, fresh: true, listener, TestWorker.Cancel);
        }

        Task DeadBeforeTheNextLine(ProviderEvent said, CancellationToken cancel)
        {
            if (said is ProviderEvent.Changed { Event: SessionEvent.BridgeDied })
                died.Set();
            else
                died.Wait(Eventually.Limit, TestWorker.Cancel);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Its_end_is_noticed_even_while_somebody_holds_its_pipe_open()
    {
        await using var bridge = await BridgeProcess.StartAsync(
            new BridgeOptions { Script = await TestScript.WriteAsync(Orphaned) }, (_, in _) => { }, NullLogger.Instance, TimeProvider.System, TestWorker.Cancel);

        bridge.Kill();

        var sentence = await bridge.Ended.WaitAsync(Eventually.Limit, TimeProvider.System, TestWorker.Cancel);
        Assert.Equal(Reasons.Sentence(ReasonCode.BridgeStopped), sentence);
    }
}
