using System.Net.Http.Json;
using System.Text.Json;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Town;

/// <summary>An emulator, the product, and one account that is linked and connected: where most stories begin.</summary>
internal sealed class LinkedTown : IAsyncDisposable
{
    public const string Phone = "40721397000";

    private LinkedTown(Emulator emulator, ProductProcess product)
    {
        Emulator = emulator;
        Product = product;
    }

    public Emulator Emulator { get; }

    public ProductProcess Product { get; }

    public AccountId Account { get; private set; }

    public static async Task<LinkedTown> OpenAsync(CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var emulator = await Emulator.StartAsync(cancellationToken);
        var town = new LinkedTown(emulator, new ProductProcess(emulator, settings: settings));
        try
        {
            await town.Product.StartAsync(cancellationToken);
            await town.LinkAsync(cancellationToken);
            return town;
        }
        catch
        {
            await town.DisposeAsync();
            throw;
        }
    }

    /// <summary>Signs in and opens the hub's connection of a browser.</summary>
    public async Task<OperatorConnection> OperatorAsync(CancellationToken cancellationToken)
    {
        using var http = await Product.SignInAsync(cancellationToken);
        return await OperatorConnection.OpenAsync(Product.Url, Product.Cookies, cancellationToken);
    }

    public async Task ConnectedAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Product.Url };
        await Eventually.Async(
            async () => (await http.GetFromJsonAsync<JsonElement>(new Uri("health", UriKind.Relative), cancellationToken)).ToString(),
            health => health.Contains("\"connected\":1", StringComparison.Ordinal),
            $"the account is connected; the product printed:{Environment.NewLine}{Product.Process.Transcript}",
            cancellationToken);
    }

    public async Task<ThreadView> ThreadAsync(OperatorConnection hub, string title, CancellationToken cancellationToken) =>
        (await Eventually.Async(
            async () => (await hub.CallAsync<Snapshot>(nameof(IOperatorHub.Snapshot), cancellationToken)).Threads
                .FirstOrDefault(thread => string.Equals(thread.Title, title, StringComparison.Ordinal)),
            thread => thread is not null,
            "the thread is there",
            cancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Emulator.DisposeAsync();
    }

    private async Task LinkAsync(CancellationToken cancellationToken)
    {
        await using var hub = await OperatorAsync(cancellationToken);
        var added = await hub.CallAsync<AccountResult>(nameof(IOperatorHub.AddAccount), cancellationToken, "Shop");
        Account = added.Account!.Id;
        var paired = await hub.CallAsync<AccountResult>(nameof(IOperatorHub.Pair), cancellationToken, Account);
        Assert.Null(paired.Sentence);
        var code = await Eventually.Async(
            () => hub.CallAsync<QrView?>(nameof(IOperatorHub.Qr), cancellationToken, Account), qr => qr?.Qr is not null, $"a QR is shown; the product printed:{Environment.NewLine}{Product.Process.Transcript}", cancellationToken);
        await Emulator.ScanAsync(code!.Qr!, Phone, cancellationToken);
        await ConnectedAsync(cancellationToken);
    }
}
