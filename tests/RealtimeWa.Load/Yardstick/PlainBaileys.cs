using System.Globalization;
using System.Text.Json;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>
/// The yardstick, <c>plain/plain.mjs</c>: Baileys as its documentation shows it, with its multi-file store and a listener in the
/// same process. It acknowledges before it hands a message on, keeps no messages and shows nothing to anyone.
/// </summary>
internal sealed class PlainBaileys : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(Repository.Root, "tests", "RealtimeWa.Load", "plain", "plain.mjs");

    private readonly Emulator emulator;
    private readonly ChildProcess process;
    private readonly IReadOnlyList<string> phones;

    private PlainBaileys(Emulator emulator, ChildProcess process, IReadOnlyList<string> phones)
    {
        this.emulator = emulator;
        this.process = process;
        this.phones = phones;
        Tree = new ProcessTree(process.Id);
    }

    public ProcessTree Tree { get; }

    /// <summary>Starts a process with an account for each phone and waits until all are open; a QR that comes up is scanned.</summary>
    public static async Task<PlainBaileys> OpenAsync(
        Emulator emulator, string folder, IReadOnlyList<string> phones, CancellationToken cancellationToken)
    {
        var accounts = phones.Count.ToString(CultureInfo.InvariantCulture);
        var node = ChildProcess.Start(
            "node",
            [Program, "--url", emulator.WebSocketUrl, "--folder", folder, "--accounts", accounts],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["NODE_EXTRA_CA_CERTS"] = emulator.MediaCa });
        var plain = new PlainBaileys(emulator, node, phones);
        try
        {
            await plain.AllOpenAsync(cancellationToken);
            return plain;
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a text; the answer is the moment of the call.</summary>
    public async Task<double> SendAsync(string to, string text, CancellationToken cancellationToken)
    {
        await AskAsync(new { op = "send", account = 0, to, text }, cancellationToken);
        return (await AnswerAsync("sent", cancellationToken)).GetProperty("at").GetDouble();
    }

    /// <summary>Counts from now; <see cref="ReachedAsync"/> tells when it was enough.</summary>
    public Task ExpectAsync(int count, CancellationToken cancellationToken) =>
        AskAsync(new { op = "expect", account = 0, count }, cancellationToken);

    public async Task<double> ReachedAsync(CancellationToken cancellationToken) =>
        (await AnswerAsync("reached", cancellationToken)).GetProperty("at").GetDouble();

    /// <summary>When its listener got each message since the last time that it was asked, by id.</summary>
    public async Task<IReadOnlyDictionary<string, double>> TakeAsync(CancellationToken cancellationToken)
    {
        await AskAsync(new { op = "take" }, cancellationToken);
        var answer = await AnswerAsync("taken", cancellationToken);
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var message in answer.GetProperty("messages").EnumerateArray())
        {
            times.TryAdd(message[0].GetString()!, message[1].GetDouble());
        }

        return times;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task AllOpenAsync(CancellationToken cancellationToken)
    {
        var open = new HashSet<int>();
        while (open.Count < phones.Count)
        {
            var line = JsonDocument.Parse(await process.LineAsync(IsOurs, cancellationToken)).RootElement;
            var account = line.GetProperty("account").GetInt32();
            switch (line.GetProperty("plain").GetString())
            {
                case "open":
                    open.Add(account);
                    break;
                case "qr":
                    // Refused when it is too old by now: then the next one comes by itself.
                    await Scan.TryAsync(emulator, line.GetProperty("qr").GetString()!, phones[account], cancellationToken);
                    break;
            }
        }
    }

    private Task AskAsync(object command, CancellationToken cancellationToken) =>
        process.WriteLineAsync(JsonSerializer.Serialize(command), cancellationToken);

    private async Task<JsonElement> AnswerAsync(string kind, CancellationToken cancellationToken)
    {
        var line = await process.LineAsync(text => text.StartsWith($"{{\"plain\":\"{kind}\"", StringComparison.Ordinal), cancellationToken);
        return JsonDocument.Parse(line).RootElement;
    }

    // libsignal prints sessions to standard output, too.
    private static bool IsOurs(string line) => line.StartsWith("{\"plain\":", StringComparison.Ordinal);
}
