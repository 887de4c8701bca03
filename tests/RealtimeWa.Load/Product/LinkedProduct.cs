using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>The product with an account for each of some phones, linked by their scans of the QR that it shows.</summary>
internal sealed class LinkedProduct(Emulator emulator, IReadOnlyList<string> phones) : IAsyncDisposable
{
    private const int PairedAtOnce = 4;

    public ProductProcess Product { get; } = new(emulator);

    public ProcessTree Tree => new(Product.Process.Id);

    /// <summary>Starts it for the first time and links every phone; each is connected when this returns.</summary>
    public async Task PairAsync(CancellationToken cancellationToken)
    {
        await Product.StartAsync(cancellationToken);
        using var http = await Product.SignInAsync(cancellationToken);
        await using var hub = await OperatorConnection.OpenAsync(Product.Url, Product.Cookies, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = PairedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(phones, options, async (phone, cancel) => await PairAsync(hub, phone, cancel));
    }

    /// <summary>Milliseconds from the start of the process until it says that every account is connected.</summary>
    public async Task<double> StartMillisecondsAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await Product.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = Product.Url };
        await Eventually.Async(
            async () => (await http.GetFromJsonAsync<JsonElement>(new Uri("health", UriKind.Relative), cancellationToken))
                .GetProperty("sessions").GetProperty("connected").GetInt32(),
            connected => connected == phones.Count,
            $"all {phones.Count.ToString(CultureInfo.InvariantCulture)} accounts are connected",
            cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>Ends it as a person or a supervisor would, so that it can give back what it holds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Product.Process.Signal("TERM");
        await Product.Process.ExitedAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => Product.DisposeAsync();

    private async Task PairAsync(OperatorConnection hub, string phone, CancellationToken cancellationToken)
    {
        var added = await hub.CallAsync<AccountResult>(nameof(IOperatorHub.AddAccount), cancellationToken, $"Load {phone}");
        var account = added.Account ?? throw new InvalidOperationException($"The account was refused: {added.Sentence}");
        await hub.CallAsync<AccountResult>(nameof(IOperatorHub.Pair), cancellationToken, account.Id);
        await Eventually.Async(
            async () => await hub.CallAsync<QrView?>(nameof(IOperatorHub.Qr), cancellationToken, account.Id) is { Qr: { } code }
                && await Scan.TryAsync(emulator, code, phone, cancellationToken),
            scanned => scanned,
            "a QR is shown and scanned",
            cancellationToken);
        await Eventually.Async(
            async () => (await hub.CallAsync<Snapshot>(nameof(IOperatorHub.Snapshot), cancellationToken))
                .Accounts.First(each => each.Id == account.Id).Session.Status,
            status => status == SessionStatus.Connected,
            "the account is connected",
            cancellationToken);
    }
}
