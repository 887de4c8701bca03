using System.Globalization;

namespace RealtimeWa.Load;

/// <summary>
/// The steady rate while nobody has a page open: what a message costs without the browser that is served, and that takes the caches
/// and the clock of the same two cores when it paints. Plain never has such a neighbour.
/// </summary>
internal sealed class Unwatched(Stage stage)
{
    // After those that a painted round, a click and a burst have.
    private const int Writer = 9;

    private readonly Rounds product = new();
    private readonly Rounds plain = new();

    public async Task RoundAsync(int round, CancellationToken cancellationToken)
    {
        plain.Add(await CostAsync(round, Stage.PlainPhone, stage.Plain.Tree, cancellationToken));
        product.Add(await CostAsync(round, Stage.ProductPhone, stage.Product.Tree, cancellationToken));
    }

    public IEnumerable<Figure> Figures()
    {
        yield return new(
            "cpu_unwatched",
            $"CPU per inbound message at {stage.Sizes.Rate.ToString(CultureInfo.InvariantCulture)}/s, no page open",
            "ms",
            product,
            plain,
            Limit.AtMost(Samples.Median(plain), 1.5),
            new Dictionary<string, double>(StringComparer.Ordinal));
    }

    private async Task<double> CostAsync(int round, string account, ProcessTree tree, CancellationToken cancellationToken)
    {
        var contact = await stage.KnownContactAsync(round, Writer, account, cancellationToken);
        await stage.AcknowledgedAsync(account, cancellationToken);
        var mark = string.Create(CultureInfo.InvariantCulture, $"load-unwatched-{round}");
        var (written, cpu) = await Costed.RunAsync(
            tree, () => OpenLoop.RunAsync(stage.Emulator, contact, account, mark, stage.Sizes, cancellationToken), cancellationToken);
        await stage.AcknowledgedAsync(account, cancellationToken);
        return cpu / written.Count;
    }
}
