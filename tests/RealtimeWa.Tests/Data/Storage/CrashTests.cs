using System.Diagnostics;
using System.Globalization;

namespace RealtimeWa;

public sealed class CrashTests
{
    private static readonly Sql Check = new("PRAGMA integrity_check");

    private static readonly Sql SetFree = new("UPDATE accounts SET lease_until = 0 WHERE id > 0");

    /// <summary>A process that writes for several accounts is killed at a random moment: all that it was told is durable is there.</summary>
    [Fact]
    public async Task What_was_confirmed_survives_a_kill()
    {
        var random = new Random(2026);
        for (var round = 0; round < Trials.Count("sigkill-rounds"); round++)
        {
            await using var place = await TestPlace.Make(Dialect.Sqlite);
            var confirmed = await WriteUntilKilled(place.Folder, random.Next(50, 1500));

            await using var data = await TestData.OpenAt(place);
            Assert.Equal("ok", await data.Database.Read(tx => tx.Row(Check, row => row.Text(0)), TestData.Cancel));
            await data.Database.Write(AccountId.System, tx => { tx.Run(SetFree); }, TestData.Cancel);
            foreach (var lease in await data.Leases.Acquire("after", 100, TimeSpan.FromHours(1), TestData.Cancel))
            {
                await Compare(data, lease.Fence, confirmed);
            }
        }
    }

    private static async Task Compare(TestData data, Fence fence, IReadOnlyDictionary<(string What, long Account), int> confirmed)
    {
        var account = fence.AccountId;
        var saved = confirmed.GetValueOrDefault(("saved", account.Value));
        var shown = confirmed.GetValueOrDefault(("shown", account.Value));

        // At most the one write that was under way is there too: all of it or nothing.
        var newest = (await data.Keys.Get(account, "session", ["one"], TestData.Cancel)).TryGetValue("one", out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : 0;
        Assert.InRange(newest, saved, saved + 1);
        var keys = await data.Keys.Get(account, "pre-key", [.. Enumerable.Range(1, newest + 1).Select(number => $"{number}")], TestData.Cancel);
        Assert.Equal(newest, keys.Count);
        var log = await data.Log(account);
        Assert.InRange(log.Count, shown, shown + 1);
        var pending = await data.Inbound.Pending(account, 100, TestData.Cancel);
        Assert.Equal(newest - log.Count, pending.Count);
        Assert.All(pending, record => Assert.Single(record.Plaintexts));
    }

    private static async Task<IReadOnlyDictionary<(string What, long Account), int>> WriteUntilKilled(string folder, int lines)
    {
        var program = AppContext.BaseDirectory.Replace("RealtimeWa.Tests", "RealtimeWa.CrashWriter", StringComparison.Ordinal);
        using var writer = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(program, "RealtimeWa.CrashWriter.dll"), folder, "4"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var confirmed = new Dictionary<(string, long), int>();
        var count = 0;
        for (; await writer.StandardOutput.ReadLineAsync(TestData.Cancel) is { } line; count++)
        {
            if (count == lines)
            {
                writer.Kill();
            }

            if (line.Split(' ') is [var what, var account, var number])
            {
                confirmed[(what, long.Parse(account, CultureInfo.InvariantCulture))] = int.Parse(number, CultureInfo.InvariantCulture);
            }
        }

        await writer.WaitForExitAsync(TestData.Cancel);
        Assert.True(count >= lines, "The writer ended by itself.");
        return confirmed;
    }
}
