using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using RealtimeWa.Browser;
using RealtimeWa.Phones;
using RealtimeWa.Processes;
using RealtimeWa.Town;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>What keeps the product from starting: one sentence that says what to do is all that it prints, and the data are as they were.</summary>
public sealed class StartRefusedTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Nowhere = "/nowhere/node";

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_another_program_holds()
    {
        await using var place = await PlaceAsync();
        using var other = new TcpListener(IPAddress.Loopback, place.Product.Url.Port);
        other.Start();

        await RefusesAsync(
            place.Product,
            $"http://localhost:{Text(place.Product.Url.Port)} is in use by another program. Stop that one, or start this one elsewhere with --urls http://localhost:5081.");
    }

    [Fact]
    public async Task A_database_of_a_newer_version()
    {
        await using var place = await PlaceAsync();
        await using (var connection = new SqliteConnection($"Data Source={Database(place.Product)};Pooling=False"))
        {
            await connection.OpenAsync(Ends);
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_versions (version, name, checksum, applied_at) VALUES (9999, 'tomorrow', 'none', 0)";
            await command.ExecuteNonQueryAsync(Ends);
        }

        await RefusesAsync(
            place.Product,
            $"The database is of a newer version of RealtimeWa (its schema is 9999, this program knows {Text(LastMigration())}). "
            + "Start the newer program, or restore a backup from before its first start. Nothing was changed.");
    }

    [Fact]
    public async Task A_file_that_is_no_database()
    {
        await using var emulator = await Emulator.StartAsync(Ends);
        await using var product = new ProductProcess(emulator);
        await File.WriteAllTextAsync(Database(product), new string('?', 10_000), Ends);

        await RefusesAsync(product, "The database file is damaged or is no database. Stop the program and restore the file from a backup.");
    }

    [Fact]
    public async Task Without_Node_it_runs_and_says_at_every_number_what_is_missing()
    {
        await using var town = await LinkedTown.OpenAsync(Ends);
        await town.Product.StopAsync(Ends);
        await using var product = new ProductProcess(
            town.Emulator, town.Product.DataDirectory, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Bridge__NodePath"] = Nowhere });
        await product.StartAsync(Ends);

        var ana = await OperatorPage.SignInAsync(chromium, product.Url);
        await ana.Page.GotoAsync("/accounts-management");
        var shop = ana.Page.GetByTestId("account-row");
        await Expect(shop).ToHaveAttributeAsync("data-status", "disconnected", new() { Timeout = 60_000 });
        await Expect(shop).ToContainTextAsync(
            $"Node was not found as '{Nowhere}'. Install Node 20 or newer, or set Bridge:NodePath to where it is.", new() { Timeout = 60_000 });
    }

    /// <summary>A product that has run here and was stopped: its database is whole.</summary>
    private static async Task<Place> PlaceAsync()
    {
        var emulator = await Emulator.StartAsync(Ends);
        var place = new Place(emulator, new ProductProcess(emulator));
        try
        {
            await place.Product.StartAsync(Ends);
            await place.Product.StopAsync(Ends);
            return place;
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    private static async Task RefusesAsync(ProductProcess product, string sentence)
    {
        var before = await HashAsync(product);

        var (exitCode, printed) = await product.StartInVainAsync(Ends);

        Assert.Equal(sentence, printed);
        Assert.Equal(1, exitCode);
        Assert.Equal(before, await HashAsync(product));
    }

    private static async Task<string> HashAsync(ProductProcess product) =>
        Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Database(product), Ends)));

    private static string Database(ProductProcess product) => Path.Combine(product.DataDirectory, "realtimewa.db");

    private static int LastMigration() => Directory.GetFiles(Path.Combine(Repository.Root, "sql"), "*.sql")
        .Max(file => int.Parse(Path.GetFileName(file).AsSpan(0, 4), CultureInfo.InvariantCulture));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Place(Emulator Emulator, ProductProcess Product) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Product.DisposeAsync();
            await Emulator.DisposeAsync();
        }
    }
}
