using System.Globalization;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>Phone → painted: from the moment that a customer writes to the moment that an operator can read it, at a steady rate.</summary>
internal sealed class Painted(Stage stage, ChatPage page)
{
    private readonly Rounds productP50 = new();
    private readonly Rounds productP99 = new();
    private readonly Rounds productDom = new();
    private readonly Rounds productFrame = new();
    private readonly Rounds productCpu = new();
    private readonly Rounds plainP50 = new();
    private readonly Rounds plainP99 = new();
    private readonly Rounds plainCpu = new();

    public async Task PlainRoundAsync(int round, CancellationToken cancellationToken)
    {
        var contact = await stage.KnownContactAsync(round, 0, Stage.PlainPhone, cancellationToken);
        await stage.AcknowledgedAsync(Stage.PlainPhone, cancellationToken);
        await stage.Plain.TakeAsync(cancellationToken);
        var (written, cpu) = await Costed.RunAsync(
            stage.Plain.Tree, () => WriteAsync(contact, Stage.PlainPhone, round, cancellationToken), cancellationToken);
        await stage.AcknowledgedAsync(Stage.PlainPhone, cancellationToken);
        var received = await stage.Plain.TakeAsync(cancellationToken);
        double[] waits = [.. written.Select(message => received[message.Id] - message.At)];
        plainP50.Add(Samples.Median(waits));
        plainP99.Add(Samples.Percentile(waits, 99));
        plainCpu.Add(cpu / written.Count);
    }

    public async Task ProductRoundAsync(int round, CancellationToken cancellationToken)
    {
        var contact = await stage.KnownContactAsync(round, 0, Stage.ProductPhone, cancellationToken);
        await page.OpenThreadAsync(Stage.Name(round, 0), "hello from");
        var ahead = await page.ClockAheadAsync(cancellationToken) - await EmulatorClock.AheadAsync(stage.Emulator, cancellationToken);
        var (written, cpu) = await Costed.RunAsync(
            stage.Product.Tree, () => WriteAsync(contact, Stage.ProductPhone, round, cancellationToken), cancellationToken);
        var seen = await Eventually.Async(
            page.SeenAsync,
            seen => written.All(message => seen.ContainsKey(message.Text)),
            "every message is painted",
            cancellationToken);

        double[] Waits(Func<ChatPage.Seen, double> moment) =>
            [.. written.Select(message => moment(seen[message.Text]) - ahead - message.At)];
        var painted = Waits(moment => moment.Painted);
        productP50.Add(Samples.Median(painted));
        productP99.Add(Samples.Percentile(painted, 99));
        productDom.Add(Samples.Median(Waits(moment => moment.Dom)));
        productFrame.Add(Samples.Median(Waits(moment => moment.Frame)));
        productCpu.Add(cpu / written.Count);
    }

    public IEnumerable<Figure> Figures()
    {
        var details = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["inDomP50"] = Samples.Median(productDom),
            ["frameBeginsP50"] = Samples.Median(productFrame),
        };
        var rate = stage.Sizes.Rate.ToString(CultureInfo.InvariantCulture);
        yield return new("painted_p50", $"phone → painted at {rate}/s, p50", "ms", productP50, plainP50, Limit.Above(Samples.Median(plainP50), 18), details);
        yield return new("painted_p99", $"phone → painted at {rate}/s, p99", "ms", productP99, plainP99, Limit.Above(Samples.Median(plainP99), 45), NoDetails);
        yield return new("cpu_steady", $"CPU per inbound message at {rate}/s", "ms", productCpu, plainCpu, Limit.AtMost(Samples.Median(plainCpu), 1.5), NoDetails);
    }

    private static IReadOnlyDictionary<string, double> NoDetails { get; } = new Dictionary<string, double>(StringComparer.Ordinal);

    private Task<IReadOnlyList<Written>> WriteAsync(Contact contact, string account, int round, CancellationToken cancellationToken) =>
        OpenLoop.RunAsync(
            stage.Emulator, contact, account, string.Create(CultureInfo.InvariantCulture, $"load-in-{round}"), stage.Sizes, cancellationToken);
}
