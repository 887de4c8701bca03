using System.Collections.Concurrent;

namespace RealtimeWa;

public sealed class BatchTests
{
    private static readonly Sql Add = new("INSERT INTO commands (account_id, kind, argument, created_at) VALUES (@account, @kind, @argument, 0)");

    private static readonly Sql Arguments = new("SELECT argument FROM commands ORDER BY id");

    [Theory, EachDatabase]
    public async Task A_write_that_fails_does_not_touch_the_others(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();

        // Holds the writer, so that the others wait and become one batch.
        var first = Write(data, "first", () =>
        {
            begun.Set();
            go.Wait(TestData.Cancel);
        });
        begun.Wait(TestData.Cancel);
        var others = Enumerable.Range(0, 60)
            .Select(number => Write(data, $"{number}", () =>
            {
                if (number % 3 == 0)
                {
                    throw new InvalidOperationException("mine alone");
                }
            }))
            .ToList();
        go.Set();
        await first;
        var failed = 0;
        foreach (var other in others)
        {
            failed += await Record.ExceptionAsync(() => other) is InvalidOperationException ? 1 : 0;
        }

        Assert.Equal(20, failed);
        var kept = await data.Database.Read(tx => tx.Rows(Arguments, row => row.Text(0)), TestData.Cancel);
        Assert.Equal(
            Enumerable.Range(0, 60).Where(number => number % 3 != 0).Select(number => $"{number}").Append("first").Order(StringComparer.Ordinal),
            kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_account_keeps_the_order_of_its_writes()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Write(data, $"{number:000}", () => { })));

        var kept = await data.Database.Read(tx => tx.Rows(Arguments, row => row.Text(0)), TestData.Cancel);
        Assert.Equal(kept.Order(StringComparer.Ordinal), kept);
    }

    [Theory, EachDatabase]
    public async Task A_write_is_answered_when_its_bells_have_rung(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        using var go = new ManualResetEventSlim();

        // The first runs alone and holds the writer, so that the others become one batch.
        var writes = Enumerable.Range(1, 3).Select(number => new AccountId(number)).ToDictionary(
            account => account,
            account => data.Database.Write(
                account,
                tx =>
                {
                    go.Wait(TestData.Cancel);
                    tx.Rings.Commands.Add(account);
                },
                TestData.Cancel));
        ConcurrentDictionary<AccountId, bool> wasAnswered = [];
        data.Database.Bells.CommandWaits += account => wasAnswered[account] = writes[account].IsCompleted;
        go.Set();
        await Task.WhenAll(writes.Values);

        Assert.Equal([false, false, false], wasAnswered.Values);
    }

    [Fact]
    public async Task A_full_disk_is_a_sentence_and_nothing_is_half_written()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        var pages = await data.Database.Write(
            fence.AccountId, tx => tx.Number(new Sql("PRAGMA page_count")), TestData.Cancel);
        await Limit(data, pages!.Value + 4);

        var small = Enumerable.Range(0, 3).Select(number => data.Keys.Commit(fence, new([new("session", $"{number}", "small")]), TestData.Cancel)).ToList();
        var large = data.Keys.Commit(fence, new([new("session", "a", "x"), new("session", "large", new string('x', 200_000))]), TestData.Cancel);

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => large);
        Assert.Equal(StorageRefusal.Full, refused.Refusal);
        Assert.Contains("Free space", refused.Message, StringComparison.Ordinal);
        await Task.WhenAll(small);
        Assert.Equal(["0", "1", "2"], (await data.Keys.Get(fence.AccountId, "session", ["0", "1", "2", "a", "large"], TestData.Cancel)).Keys.Order(StringComparer.Ordinal));

        // There is room again.
        await Limit(data, 1_000_000);
        await data.Keys.Commit(fence, new([new("session", "large", new string('x', 200_000))]), TestData.Cancel);
    }

    [Fact]
    public async Task Two_processes_share_a_file()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        await using var other = await data.OpenAnother();
        var one = await data.Owned();
        var two = await other.Owned();

        await Task.WhenAll(Enumerable.Range(0, 50).SelectMany(number => new[]
        {
            data.Happens(one, TestData.Says($"a{number}", "hello")),
            other.Happens(two, TestData.Says($"b{number}", "hello")),
        }));

        Assert.Equal(50, (await data.Log(one.AccountId)).Count);
        Assert.Equal(50, (await data.Log(two.AccountId)).Count);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_sentence()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        Directory.CreateDirectory(place.Folder);
        await File.WriteAllTextAsync(place.File, new string('x', 10_000), TestData.Cancel);
        await using var database = new Database(new SqliteEngine(new(place.File), new ManualTime()));

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => database.OpenAsync(TestData.Cancel));

        Assert.Equal(StorageRefusal.Corrupted, refused.Refusal);
    }

    private static Task Write(TestData data, string argument, Action during) => data.Database.Write(
        AccountId.System,
        tx =>
        {
            tx.Run(Add, 0, "stop", argument);
            during();
        },
        TestData.Cancel);

    private static Task Limit(TestData data, long pages) => data.Database.Write(
        AccountId.System, tx => { tx.Number(new Sql($"PRAGMA max_page_count = {pages}")); }, TestData.Cancel);
}
