using System.Globalization;
using RealtimeWa.Phones;

namespace RealtimeWa.Load;

/// <summary>Many messages at once to one account: how many a second become durable, and what each costs.</summary>
internal sealed class Burst(Stage stage)
{
    private const int Writers = 4;

    private readonly Rounds productRate = new();
    private readonly Rounds productCpu = new();
    private readonly Rounds acknowledgedRate = new();
    private readonly Rounds plainRate = new();
    private readonly Rounds plainCpu = new();

    private int Count => stage.Sizes.Burst / Writers * Writers;

    public async Task PlainRoundAsync(int round, CancellationToken cancellationToken)
    {
        var contacts = await WritersAsync(round, Stage.PlainPhone, cancellationToken);
        await stage.Plain.ExpectAsync(Count, cancellationToken);
        var (took, cpu) = await Costed.RunAsync(
            stage.Plain.Tree,
            async () =>
            {
                var begun = WriteAsync(contacts, Stage.PlainPhone, cancellationToken);
                var reached = await stage.Plain.ReachedAsync(cancellationToken);
                var took = reached - await begun;
                await stage.AcknowledgedAsync(Stage.PlainPhone, cancellationToken);
                return took;
            },
            cancellationToken);
        plainRate.Add(Count / took * 1000);
        plainCpu.Add(cpu / Count);
    }

    public async Task ProductRoundAsync(int round, CancellationToken cancellationToken)
    {
        var contacts = await WritersAsync(round, Stage.ProductPhone, cancellationToken);
        await using var rows = await MessageRows.OpenAsync(stage.Product.Product.DataDirectory, cancellationToken);
        var ahead = await EmulatorClock.AheadAsync(stage.Emulator, cancellationToken);
        var (took, cpu) = await Costed.RunAsync(
            stage.Product.Tree,
            async () =>
            {
                var begun = WriteAsync(contacts, Stage.ProductPhone, cancellationToken);
                var durable = await rows.ReachedAsync(Count, cancellationToken) + ahead;
                var took = durable - await begun;
                await stage.AcknowledgedAsync(Stage.ProductPhone, cancellationToken);
                acknowledgedRate.Add(Count / (Clock.Now() + ahead - await begun) * 1000);
                return took;
            },
            cancellationToken);
        productRate.Add(Count / took * 1000);
        productCpu.Add(cpu / Count);
    }

    public IEnumerable<Figure> Figures()
    {
        var details = new Dictionary<string, double>(StringComparer.Ordinal) { ["acknowledgedPerSecond"] = Samples.Median(acknowledgedRate) };
        yield return new(
            "burst_rate", "durable inbound, one account", "/s", productRate, plainRate, Limit.AtLeast(Samples.Median(plainRate), 1.5), details);
        yield return new(
            "cpu_burst",
            "CPU per inbound message in a burst",
            "ms",
            productCpu,
            plainCpu,
            Limit.AtMost(Samples.Median(plainCpu), 1.5),
            new Dictionary<string, double>(StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<Contact>> WritersAsync(int round, string account, CancellationToken cancellationToken)
    {
        var contacts = new List<Contact>();
        for (var number = 0; number < Writers; number++)
        {
            contacts.Add(await stage.KnownContactAsync(round, 2 + number, account, cancellationToken));
        }

        await stage.AcknowledgedAsync(account, cancellationToken);
        return contacts;
    }

    /// <summary>All write at once; the answer is when the first began.</summary>
    private async Task<double> WriteAsync(IReadOnlyList<Contact> contacts, string account, CancellationToken cancellationToken)
    {
        var body = new { to = account, count = Count / contacts.Count, text = "load-burst-{n}" };
        var answers = await Task.WhenAll(contacts.Select(
            contact => stage.Emulator.PostAsync(string.Create(CultureInfo.InvariantCulture, $"api/contacts/{contact.Phone}/burst"), body, cancellationToken)));
        return answers.Min(answer => answer.GetProperty("startedAt").GetDouble());
    }
}
