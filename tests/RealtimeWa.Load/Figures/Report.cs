using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RealtimeWa.Load;

/// <summary>What a run found: a table for people, a line of JSON for programs.</summary>
internal sealed record Report(DateTimeOffset At, int Rounds, bool Quick, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool AllMet => Figures.All(figure => figure.IsMet);

    public string Table()
    {
        string[] head = ["figure", "product", "plain", "limit", "ratio", ""];
        IReadOnlyList<string[]> rows = [head, .. Figures.Select(Row)];
        var widths = Enumerable.Range(0, head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column is 1 or 2 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }

    public string JsonLine() => JsonSerializer.Serialize(
        new
        {
            at = At.ToString("O", CultureInfo.InvariantCulture),
            rounds = Rounds,
            quick = Quick,
            cores = Environment.ProcessorCount,
            allMet = AllMet,
            figures = Figures.ToDictionary(
                figure => figure.Name,
                figure => new
                {
                    unit = figure.Unit,
                    product = Rounded(figure.ProductMedian),
                    plain = Rounded(figure.PlainMedian),
                    limit = Rounded(figure.Limit.Value),
                    formula = figure.Limit.Formula,
                    ratio = Rounded(figure.Ratio),
                    met = figure.IsMet,
                    productRounds = figure.Product.Select(Rounded),
                    plainRounds = figure.Plain.Select(Rounded),
                    warmUp = WarmUp(figure),
                    details = figure.Details.ToDictionary(detail => detail.Key, detail => Rounded(detail.Value), StringComparer.Ordinal),
                },
                StringComparer.Ordinal),
        },
        Json);

    private static Dictionary<string, double>? WarmUp(Figure figure) =>
        figure.Product is Rounds { WarmUp: { } product } && figure.Plain is Rounds { WarmUp: { } plain }
            ? new Dictionary<string, double>(StringComparer.Ordinal) { ["product"] = Rounded(product), ["plain"] = Rounded(plain) }
            : null;

    private static string[] Row(Figure figure) =>
    [
        figure.Title,
        Amount(figure.ProductMedian, figure.Unit),
        Amount(figure.PlainMedian, figure.Unit),
        $"{figure.Limit.Formula} = {Amount(figure.Limit.Value, figure.Unit)}",
        figure.Ratio.ToString("0.00", CultureInfo.InvariantCulture),
        figure.IsMet ? "met" : "missed",
    ];

    private static string Amount(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture)} {unit}");

    private static double Rounded(double value) => Math.Round(value, 3);
}
