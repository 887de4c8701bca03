namespace RealtimeWa.Load;

/// <summary>One line of the table. What counts is the median of the rounds.</summary>
/// <param name="Name">Stable: the key in the JSON line.</param>
/// <param name="Product">One number per round.</param>
/// <param name="Plain">One number per round, measured between the product's rounds.</param>
/// <param name="Details">Where the product's figure comes from, for reading the table with a question.</param>
internal sealed record Figure(
    string Name,
    string Title,
    string Unit,
    IReadOnlyList<double> Product,
    IReadOnlyList<double> Plain,
    Limit Limit,
    IReadOnlyDictionary<string, double> Details)
{
    public double ProductMedian => Samples.Median(Product);

    public double PlainMedian => Samples.Median(Plain);

    public double Ratio => ProductMedian / PlainMedian;

    public bool IsMet => Limit.IsMet(ProductMedian);
}
