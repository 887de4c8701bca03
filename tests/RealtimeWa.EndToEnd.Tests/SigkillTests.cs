using System.Globalization;
using RealtimeWa.Browser;
using RealtimeWa.Phones;
using RealtimeWa.Processes;
using RealtimeWa.Town;

namespace RealtimeWa;

/// <summary>
/// The promise: whatever dies, no message is lost and none is doubled. Customers and an operator write all the time; the bridge, the
/// whole product or a worker of its own is killed at random moments; in the end everything is counted in the database, on the screen and on the phones.
/// </summary>
public sealed class SigkillTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(60);

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    private enum Victim
    {
        Bridge,
        Product,
        Worker,
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_lost_and_nothing_doubled_when_processes_are_killed_at_random_moments(bool withWorkerApart)
    {
        var seed = Environment.GetEnvironmentVariable("REALTIMEWA_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"REALTIMEWA_SEED={seed.ToString(CultureInfo.InvariantCulture)} repeats this order of kills.");
        var random = new Random(seed);

        await using var town = withWorkerApart ? await LinkedTown.OpenWithWorkerApartAsync(Ends) : await LinkedTown.OpenAsync(Ends);
        var maya = await town.Emulator.ContactAsync("40722000001", "Maya", Ends);
        var jonas = await town.Emulator.ContactAsync("40722000002", "Jonas", Ends);
        await maya.SaysAsync(LinkedTown.Phone, "in 0", Ends);
        await jonas.SaysAsync(LinkedTown.Phone, "in 0", Ends);
        ThreadView thread;
        await using (var hub = await town.OperatorAsync(Ends))
        {
            thread = await town.ThreadAsync(hub, "Maya", Ends);
        }

        using var enough = new CancellationTokenSource();
        var writing = new[] { CustomerAsync(maya, enough.Token), CustomerAsync(jonas, enough.Token) };
        var answering = OperatorAsync(town, thread.Id, enough.Token);
        foreach (var victim in Victims(withWorkerApart, random).Take(Trials.Count("sigkill-rounds")))
        {
            output.WriteLine($"Killed: {victim}.");
            await RoundAsync(town, victim, random);
        }

        await enough.CancelAsync();
        var counts = await Task.WhenAll(writing);
        var answers = await answering;
        output.WriteLine($"Written by customers: {counts[0]} and {counts[1]}; by the operator: {answers}.");
        Assert.True(answers > 0, "The operator could send nothing between the kills, so nothing was tested.");

        var answered = await maya.MessagesAsync(LinkedTown.Phone, answers, Ends);
        await SayWhatIsMissingAsync(town, answered);
        Assert.Equal(Numbers("out", answers), answered.Select(message => message.Text!).Order(StringComparer.Ordinal));
        await RowsAsync(town, counts[0] + counts[1] + answers);
        Assert.Equal(Numbers("in", counts[0]).Concat(Numbers("out", answers)).Order(StringComparer.Ordinal), Rows(town, "Maya"));
        Assert.Equal(Numbers("in", counts[1]), Rows(town, "Jonas"));

        var ana = await OperatorPage.SignInAsync(chromium, town.Product.Url);
        await ana.OpensChatAsync();
        await ana.OpensThreadAsync("Maya");
        await ana.Messages.First.WaitForAsync();
        var shown = await ana.Page.EvaluateAsync<string[]>(ReadsScreen, "in 0");
        Assert.Equal(Numbers("in", counts[0]).Concat(Numbers("out", answers)).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    /// <summary>Scrolls up until the first message is there, then reads every bubble's text.</summary>
    private const string ReadsScreen = """
        async first => {
          const all = () => [...document.querySelectorAll('[data-testid=message]')];
          const text = item => item.querySelector('.bubble').innerText.match(/\b(in|out) \d+\b/)?.[0];
          while (!all().some(item => text(item) === first)) {
            const before = all().length;
            all()[0].scrollIntoView();
            await new Promise(done => {
              const look = () => (all().length === before ? requestAnimationFrame(look) : done());
              look();
            });
          }
          return all().map(text);
        }
        """;

    private static IEnumerable<string> Numbers(string word, int count) =>
        Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{word} {number}")).Order(StringComparer.Ordinal);

    /// <summary>Each in its turn, in another order every time.</summary>
    private static IEnumerable<Victim> Victims(bool withWorkerApart, Random random)
    {
        Victim[] all = withWorkerApart ? [Victim.Bridge, Victim.Product, Victim.Worker] : [Victim.Bridge, Victim.Product];
        while (true)
        {
            random.Shuffle(all);
            foreach (var victim in all)
            {
                yield return victim;
            }
        }
    }

    /// <summary>Lets some messages pass, kills, and waits until the account is connected again.</summary>
    private static async Task RoundAsync(LinkedTown town, Victim victim, Random random)
    {
        var target = Count(town) + random.Next(5, 60);
        await RowsAsync(town, target);
        // Not a wait for anything: the moment of the kill, between two messages or within one, is what is drawn here.
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Ends);
        switch (victim)
        {
            case Victim.Bridge:
                var bridge = await Eventually.Async(() => Task.FromResult(town.BridgeId), id => id is not null, "a bridge runs", Ends);
                Signals.Send(bridge!.Value, "KILL");
                await RowsAsync(town, Count(town) + 1);
                break;
            case Victim.Product:
                await town.Product.KillAsync(Ends);
                await town.Product.StartAsync(Ends);
                break;
            case Victim.Worker:
                await town.Worker!.KillAsync(Ends);
                town.Worker.Start();
                await town.Worker.Process.LineAsync(line => line.Contains("This worker owns", StringComparison.Ordinal), Ends);
                break;
        }

        await town.ConnectedAsync(Ends);
    }

    private static async Task<int> CustomerAsync(Contact contact, CancellationToken enough)
    {
        var written = 1;
        using var timer = new PeriodicTimer(Pace);
        while (!enough.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(Ends);
            await contact.SaysAsync(LinkedTown.Phone, string.Create(CultureInfo.InvariantCulture, $"in {written}"), Ends);
            written++;
        }

        return written;
    }

    /// <summary>Sends as a browser does: a text that got no answer is sent again with its token after the next connection.</summary>
    private static async Task<int> OperatorAsync(LinkedTown town, ThreadId thread, CancellationToken enough)
    {
        var sent = 0;
        var isUnanswered = false;
        OperatorConnection? hub = null;
        using var timer = new PeriodicTimer(Pace);
        while (!enough.IsCancellationRequested || isUnanswered)
        {
            await timer.WaitForNextTickAsync(Ends);
            try
            {
                hub ??= await town.OperatorAsync(Ends);
                var request = new SendRequest(thread, string.Create(CultureInfo.InvariantCulture, $"token-{sent}"), string.Create(CultureInfo.InvariantCulture, $"out {sent}"));
                if ((await hub.CallAsync<SendResult>(nameof(IOperatorHub.Send), Ends, request)).Message is not null)
                {
                    sent++;
                }

                isUnanswered = false;
            }
            catch (Exception) when (!Ends.IsCancellationRequested)
            {
                // The product was killed under this connection.
                if (hub is not null)
                {
                    await hub.DisposeAsync();
                }

                // It may be queued all the same: asked again with its token, it is the same message.
                (hub, isUnanswered) = (null, true);
            }
        }

        return sent;
    }

    private static Task<int> RowsAsync(LinkedTown town, int count) =>
        Eventually.Async(() => Task.FromResult(Count(town)), rows => rows >= count, $"the database has {count.ToString(CultureInfo.InvariantCulture)} messages", Ends);

    private static int Count(LinkedTown town)
    {
        using var connection = town.OpenDatabase();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM messages";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static IReadOnlyList<string> Rows(LinkedTown town, string title)
    {
        using var connection = town.OpenDatabase();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT m.text FROM messages m JOIN threads t ON t.id = m.thread_id WHERE t.title = $title";
        command.Parameters.AddWithValue("$title", title);
        using var reader = command.ExecuteReader();
        List<string> texts = [];
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return [.. texts.Order(StringComparer.Ordinal)];
    }

    /// <summary>For whoever reads a failure: what became of each answer that the phone does not show.</summary>
    private async Task SayWhatIsMissingAsync(LinkedTown town, IReadOnlyList<PhoneMessage> answered)
    {
        var shown = answered.Select(message => message.Id).ToHashSet(StringComparer.Ordinal);
        await using var connection = town.OpenDatabase();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT m.wa_id, m.text, m.status, COALESCE(o.state, '-'), COALESCE(o.attempts, 0) FROM messages m LEFT JOIN outbox o ON o.message_id = m.id WHERE m.from_me = 1
            """;
        await using var reader = await command.ExecuteReaderAsync(Ends);
        while (await reader.ReadAsync(Ends))
        {
            if (!shown.Contains(reader.GetString(0)))
            {
                var stanza = await town.Emulator.GetAsync($"api/stats?stanzas=1&id={reader.GetString(0)}", Ends);
                output.WriteLine(
                    $"Not on the phone: {reader.GetString(1)}, {reader.GetString(2)}, outbox {reader.GetString(3)}, {reader.GetInt32(4)} attempts, emulator {stanza}");
            }
        }
    }
}
