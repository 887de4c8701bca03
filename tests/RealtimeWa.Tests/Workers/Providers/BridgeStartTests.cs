using Microsoft.Extensions.Logging.Abstractions;

namespace RealtimeWa;

/// <summary>A bridge that can't run says why in one sentence; nothing else happens.</summary>
public sealed class BridgeStartTests
{
    [Fact]
    public async Task A_missing_node_is_named()
    {
        var sentence = await RefusalAsync(new BridgeOptions { NodePath = "/nowhere/node", Script = await TestScript.WriteAsync("") });

        Assert.Equal("Node was not found as '/nowhere/node'. Install Node 20 or newer, or set Bridge:NodePath to where it is.", sentence);
    }

    [Fact]
    public async Task A_missing_script_is_named()
    {
        var sentence = await RefusalAsync(new BridgeOptions { Script = "/nowhere/bridge.js" });

        Assert.Equal("The bridge's script is missing at /nowhere/bridge.js. Build or install the whole product again.", sentence);
    }

    [Fact]
    public async Task An_old_node_that_fails_on_the_script_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for an old Node is a shell script, which Windows does not start; the sentence is made in the same place on every system.");
        var node = Path.Combine(Directory.CreateTempSubdirectory("realtimewa-").FullName, "node");
        await File.WriteAllTextAsync(node, "#!/bin/sh\n[ \"$1\" = --version ] && echo v18.19.0 && exit 0\nexit 1\n", TestWorker.Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var sentence = await RefusalAsync(new BridgeOptions { NodePath = node, Script = await TestScript.WriteAsync("") });

        Assert.StartsWith("Node v18.19.0 is too old for the bridge.", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hello":{"protocol":2,"baileys":"7.0.0-rc14","node":"v20.1.0","pid":1}}""", "The bridge speaks version 2 of the protocol and this program version 1.")]
    [InlineData("""{"hello":{"protocol":1,"baileys":"7.0.0-rc14","node":"v18.1.0","pid":1}}""", "Node v18.1.0 is too old for the bridge.")]
    [InlineData("""{"fatal":{"code":"unsafe_baileys","message":"The bridge refuses to run, because of a hole."}}""", "The bridge refuses to run, because of a hole.")]
    [InlineData("this is no frame", "The bridge ended before its first line;")]
    [InlineData("", "The bridge ended before its first line;")]
    public async Task A_wrong_first_line_is_explained(string line, string expected)
    {
        var script = await TestScript.WriteAsync($"process.stdout.write({System.Text.Json.JsonSerializer.Serialize(line)} + '\\n', () => process.exit(3));");

        var sentence = await RefusalAsync(new BridgeOptions { Script = script });

        Assert.StartsWith(expected, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_frame_later_ends_that_bridge_with_a_sentence()
    {
        var script = await TestScript.WriteAsync("""
            console.log(JSON.stringify({ hello: { protocol: 1, baileys: 'x', node: process.version, pid: process.pid } }));
            process.stdin.once('data', () => console.log('{"id":1,"ev":'));
            """);
        await using var bridge = await BridgeProcess.StartAsync(
            new BridgeOptions { Script = script }, (_, in _) => { }, NullLogger.Instance, TimeProvider.System, TestWorker.Cancel);

        var asked = bridge.StatsAsync(TestWorker.Cancel);

        await Assert.ThrowsAsync<ProviderRefusedException>(() => asked);
        var sentence = await bridge.Ended;
        Assert.StartsWith("The bridge said something that this version of the program does not understand;", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_its_input_closes_and_gets_none_of_our_secrets()
    {
        Environment.SetEnvironmentVariable("Gateway__AdminToken", "secret");
        var script = await TestScript.WriteAsync("""
            console.log(JSON.stringify({ hello: { protocol: 1, baileys: Object.keys(process.env).join(), node: process.version, pid: process.pid } }));
            process.stdin.on('data', chunk => console.log(JSON.stringify({ re: JSON.parse(chunk).id, ok: { rssBytes: 1, heapUsedBytes: 2, accounts: 3 } })));
            """);
        var logs = new List<string>();
        var bridge = await BridgeProcess.StartAsync(
            new BridgeOptions { Script = script }, (_, in _) => { }, new Listed(logs), TimeProvider.System, TestWorker.Cancel);

        var stats = await bridge.StatsAsync(TestWorker.Cancel);
        await bridge.DisposeAsync();

        Assert.Equal(new BridgeStats(1, 2, 3), stats);
        Assert.DoesNotContain(logs, line => line.Contains("Gateway", StringComparison.Ordinal));
        Assert.False(Directory.Exists($"/proc/{bridge.ProcessId}"));
    }

    private static async Task<string> RefusalAsync(BridgeOptions options)
    {
        var refused = await Assert.ThrowsAsync<BridgeRefusedException>(
            () => BridgeProcess.StartAsync(options, (_, in _) => { }, NullLogger.Instance, TimeProvider.System, TestWorker.Cancel));
        return refused.Message;
    }

    private sealed class Listed(List<string> lines) : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add(formatter(state, exception));
        }
    }
}
