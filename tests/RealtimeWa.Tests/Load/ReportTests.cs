using System.Text.Json;
using RealtimeWa.Load;

namespace RealtimeWa;

public sealed class ReportTests
{
    private static readonly IReadOnlyDictionary<string, double> NoDetails = new Dictionary<string, double>(StringComparer.Ordinal);

    [Fact]
    public void A_limit_is_met_up_to_its_value_and_a_floor_from_it()
    {
        Assert.Equal((28.0, true, false), (Limit.Above(10, 18).Value, Limit.Above(10, 18).IsMet(28), Limit.Above(10, 18).IsMet(28.1)));
        Assert.Equal((600.0, true, false), (Limit.AtLeast(400, 1.5).Value, Limit.AtLeast(400, 1.5).IsMet(600), Limit.AtLeast(400, 1.5).IsMet(599)));
        Assert.Equal((3.0, true, false), (Limit.AtMost(2, 1.5).Value, Limit.AtMost(2, 1.5).IsMet(3), Limit.AtMost(2, 1.5).IsMet(3.1)));
        Assert.Equal(2600.0, Limit.Starts(1000, 300).Value);
    }

    [Fact]
    public void The_table_shows_medians_the_limit_as_a_formula_and_whether_it_was_met()
    {
        var table = Made().Table().Split(Environment.NewLine);

        Assert.Equal("figure      product      plain                      limit  ratio".Split(' ', StringSplitOptions.RemoveEmptyEntries), Words(table[0]));
        Assert.Equal("painted 17.0 ms 4.00 ms plain + 18 = 22.0 ms 4.25 met".Split(' '), Words(table[1]));
        Assert.Equal("burst 500 /s 400 /s ≥ 1.5 × plain = 600 /s 1.25 missed".Split(' '), Words(table[2]));
    }

    [Fact]
    public void The_json_is_one_line_with_every_round()
    {
        var line = Made().JsonLine();
        var painted = JsonDocument.Parse(line).RootElement.GetProperty("figures").GetProperty("painted");

        Assert.DoesNotContain('\n', line);
        Assert.Equal([16.0, 17.0, 90.0], painted.GetProperty("productRounds").EnumerateArray().Select(round => round.GetDouble()));
        Assert.Equal(17.0, painted.GetProperty("product").GetDouble());
        Assert.True(painted.GetProperty("met").GetBoolean());
        Assert.False(Made().AllMet);
    }

    private static Report Made() => new(
        DateTimeOffset.UnixEpoch,
        3,
        Quick: false,
        [
            new("painted", "painted", "ms", [16, 17, 90], [4, 4, 9], Limit.Above(4, 18), NoDetails),
            new("burst", "burst", "/s", [500, 510, 490], [400, 400, 400], Limit.AtLeast(400, 1.5), NoDetails),
        ]);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
