using System.Globalization;

namespace RealtimeWa.Load;

/// <summary>What the command line asks for.</summary>
/// <param name="Only">The measurements to run; all when empty.</param>
/// <param name="Json">A file for the JSON line, besides standard output.</param>
internal sealed record LoadOptions(int Rounds, bool Quick, bool Strict, IReadOnlySet<string> Only, string? Json)
{
    public const string Usage =
        "usage: dotnet run --project tests/RealtimeWa.Load -c Release -- [--rounds N] [--quick] [--strict] [--only painted,click,unwatched,burst,start,memory] [--json FILE]";

    public static readonly IReadOnlyList<string> Measurements = ["painted", "click", "unwatched", "burst", "start", "memory"];

    private const int Promised = 7;

    /// <summary>How much is measured in a round. The quick counts only show that the tool works; its figures say little.</summary>
    public Sizes Sizes => Quick ? Sizes.Small : Sizes.Full;

    public bool Asks(string measurement) => Only.Count == 0 || Only.Contains(measurement);

    /// <summary>The options, or a sentence that says what is wrong with them.</summary>
    public static (LoadOptions? Options, string? Sentence) Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions(0, Quick: false, Strict: false, new HashSet<string>(StringComparer.Ordinal), Json: null);
        for (var at = 0; at < arguments.Count; at++)
        {
            var (name, value) = (arguments[at], at + 1 < arguments.Count ? arguments[at + 1] : null);
            switch (name)
            {
                case "--quick":
                    options = options with { Quick = true };
                    continue;
                case "--strict":
                    options = options with { Strict = true };
                    continue;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--only" when value is not null && value.Split(',') is var only && only.All(Measurements.Contains):
                    options = options with { Only = only.ToHashSet(StringComparer.Ordinal) };
                    break;
                case "--json" when value is not null:
                    options = options with { Json = value };
                    break;
                default:
                    return (null, $"'{name}{(value is null ? string.Empty : $" {value}")}' is no option of the load tool. {Usage}");
            }

            at++;
        }

        return (options.Rounds > 0 ? options : options with { Rounds = options.Quick ? 2 : Promised }, null);
    }
}

/// <param name="Rate">Messages per second of the open loop.</param>
/// <param name="Seconds">How long the open loop runs in a round.</param>
/// <param name="Idle">How long the product is left alone before its memory is read.</param>
internal sealed record Sizes(int Rate, int Seconds, int Clicks, int Burst, int Accounts, TimeSpan Idle)
{
    public static readonly Sizes Full = new(Rate: 5, Seconds: 20, Clicks: 20, Burst: 2000, Accounts: 30, Idle: TimeSpan.FromSeconds(60));

    public static readonly Sizes Small = new(Rate: 5, Seconds: 5, Clicks: 5, Burst: 300, Accounts: 30, Idle: TimeSpan.FromSeconds(5));
}
