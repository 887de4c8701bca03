using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Town;

/// <summary>An emulator, the product, with its worker inside or apart, and one account that is linked and connected: where most stories begin.</summary>
internal sealed class LinkedTown : IAsyncDisposable
{
    public const string Phone = "40721397000";

    private LinkedTown(Emulator emulator, ProductProcess product, WorkerProcess? worker)
    {
        Emulator = emulator;
        Product = product;
        Worker = worker;
    }

    public Emulator Emulator { get; }

    public ProductProcess Product { get; }

    /// <summary>Where the product leaves the accounts to a worker of its own.</summary>
    public WorkerProcess? Worker { get; }

    /// <summary>The process that holds the account's socket.</summary>
    public int? BridgeId => (Worker?.Process ?? Product.Process).BridgeIds is [var bridge, ..] ? bridge : null;

    public AccountId Account { get; private set; }

    /// <summary>For the message of a wait that failed.</summary>
    private string Printed =>
        string.Join(Environment.NewLine, ["the product printed:", Product.Process.Transcript, .. Worker is null ? [] : new[] { "its worker printed:", Worker.Process.Transcript }]);

    public static async Task<LinkedTown> OpenAsync(CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var emulator = await Emulator.StartAsync(cancellationToken);
        return await OpenAsync(new LinkedTown(emulator, new ProductProcess(emulator, settings: settings), worker: null), cancellationToken);
    }

    /// <param name="workerSettings">Of the worker, beside those that lead it to this product.</param>
    public static async Task<LinkedTown> OpenWithWorkerApartAsync(
        CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? workerSettings = null)
    {
        var emulator = await Emulator.StartAsync(cancellationToken);
        var product = new ProductProcess(emulator, settings: WorkerProcess.ProductSettings);
        return await OpenAsync(new LinkedTown(emulator, product, new WorkerProcess(emulator, product, workerSettings)), cancellationToken);
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
            () => $"the account is connected; {Printed}",
            cancellationToken);
    }

    public async Task<ThreadView> ThreadAsync(OperatorConnection hub, string title, CancellationToken cancellationToken) =>
        (await Eventually.Async(
            async () => (await hub.CallAsync<Snapshot>(nameof(IOperatorHub.Snapshot), cancellationToken)).Threads
                .FirstOrDefault(thread => string.Equals(thread.Title, title, StringComparison.Ordinal)),
            thread => thread is not null,
            "the thread is there",
            cancellationToken))!;

    /// <summary>The product's database, to read in.</summary>
    public SqliteConnection OpenDatabase()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={Path.Combine(Product.DataDirectory, "realtimewa.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null)
        {
            await Worker.DisposeAsync();
        }

        await Product.DisposeAsync();
        await Emulator.DisposeAsync();
    }

    private static async Task<LinkedTown> OpenAsync(LinkedTown town, CancellationToken cancellationToken)
    {
        try
        {
            await town.Product.StartAsync(cancellationToken);
            town.Worker?.Start();
            await town.LinkAsync(cancellationToken);
            return town;
        }
        catch
        {
            await town.DisposeAsync();
            throw;
        }
    }

    private async Task LinkAsync(CancellationToken cancellationToken)
    {
        await using var hub = await OperatorAsync(cancellationToken);
        var added = await hub.CallAsync<AccountResult>(nameof(IOperatorHub.AddAccount), cancellationToken, "Shop");
        Account = added.Account!.Id;
        var paired = await hub.CallAsync<AccountResult>(nameof(IOperatorHub.Pair), cancellationToken, Account);
        Assert.Null(paired.Sentence);
        var code = await Eventually.Async(
            () => hub.CallAsync<QrView?>(nameof(IOperatorHub.Qr), cancellationToken, Account), qr => qr?.Qr is not null, () => $"a QR is shown; {Printed}", cancellationToken);
        await Emulator.ScanAsync(code!.Qr!, Phone, cancellationToken);
        await ConnectedAsync(cancellationToken);
    }
}
