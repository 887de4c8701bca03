using RealtimeWa.Browser;
using RealtimeWa.Phones;
using RealtimeWa.Processes;
using RealtimeWa.Town;

namespace RealtimeWa;

/// <summary>A worker in a process of its own: the console's database, and its hub over a WebSocket.</summary>
public sealed class WorkerApartTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_number_is_linked_and_messages_go_both_ways_with_their_ticks()
    {
        // Nothing is swept meanwhile: what the console asks of the worker comes through the hub.
        await using var town = await LinkedTown.OpenWithWorkerApartAsync(Ends, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Workers__Sweep"] = "01:00:00",
            ["Workers__LeaseDuration"] = "02:00:00",
            ["Workers__LeaseRenewal"] = "01:00:00",
        });
        Assert.Empty(town.Product.Process.BridgeIds);
        var maya = await town.Emulator.ContactAsync("40722000001", "Maya", Ends);

        var asked = await maya.SaysAsync(LinkedTown.Phone, "Are you open on Sunday?", Ends);
        var ana = await OperatorPage.SignInAsync(chromium, town.Product.Url);
        await ana.OpensChatAsync();
        await ana.OpensThreadAsync("Maya");
        await ana.SeesAsync("Are you open on Sunday?");
        await maya.ReceiptsAsync(asked, atLeast: 1, Ends);

        await ana.SaysAsync("Yes, from ten to four.");
        await maya.SeesAsync(LinkedTown.Phone, "Yes, from ten to four.", Ends);
        await ana.SeesStatusAsync("Yes, from ten to four.", "delivered");
        var sent = Assert.Single(await maya.MessagesAsync(LinkedTown.Phone, atLeast: 1, Ends));
        await maya.ReadsAsync(LinkedTown.Phone, [sent.Id], Ends);
        await ana.SeesStatusAsync("Yes, from ten to four.", "read");
    }

    [Fact]
    public async Task The_next_worker_of_the_machine_does_not_wait_for_the_lease_of_one_that_was_killed()
    {
        await using var town = await LinkedTown.OpenWithWorkerApartAsync(
            Ends, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Workers__LeaseDuration"] = "01:00:00" });
        var maya = await town.Emulator.ContactAsync("40722000001", "Maya", Ends);
        var killed = Lease(town);

        await town.Worker!.KillAsync(Ends);
        await maya.SaysAsync(LinkedTown.Phone, "Is anybody there?", Ends);
        town.Worker.Start();

        var next = await Eventually.Async(
            () => Task.FromResult(Lease(town)), lease => lease.Epoch > killed.Epoch, "another worker owns the account", Ends);
        Assert.True(next.ClaimedAt < killed.Until, "The lease of the dead worker had run out before.");
        await using var hub = await town.OperatorAsync(Ends);
        Assert.Equal("Is anybody there?", (await town.ThreadAsync(hub, "Maya", Ends)).LastText);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_with_a_sentence()
    {
        await using var emulator = await Emulator.StartAsync(Ends);
        await using var product = new ProductProcess(emulator, settings: WorkerProcess.ProductSettings);
        await product.StartAsync(Ends);
        await using var stranger = new WorkerProcess(
            emulator, product, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Workers__Token"] = "guessed" });

        stranger.Start();

        var line = await stranger.Process.LineAsync(text => text.Contains("the hub", StringComparison.OrdinalIgnoreCase), Ends);
        Assert.EndsWith("The hub refused this worker's token. Give Workers:Token the same value here and at the console.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", stranger.Process.Transcript, StringComparison.Ordinal);
    }

    private static (long Epoch, long ClaimedAt, long Until) Lease(LinkedTown town)
    {
        using var connection = town.OpenDatabase();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT lease_epoch, COALESCE(claimed_at, 0), COALESCE(lease_until, 0) FROM accounts WHERE id = $id";
        command.Parameters.AddWithValue("$id", town.Account.Value);
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
