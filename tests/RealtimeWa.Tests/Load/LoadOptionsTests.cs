using RealtimeWa.Load;

namespace RealtimeWa;

public sealed class LoadOptionsTests
{
    [Fact]
    public void Without_options_all_is_measured_as_often_as_promised()
    {
        var options = LoadOptions.Parse([]).Options!;

        Assert.Equal(7, options.Rounds);
        Assert.Equal(TimeSpan.FromSeconds(60), options.Sizes.Idle);
        Assert.All(LoadOptions.Measurements, measurement => Assert.True(options.Asks(measurement)));
    }

    [Fact]
    public void Options_are_taken_in_any_order()
    {
        var options = LoadOptions.Parse(["--json", "out.json", "--quick", "--only", "burst,memory", "--strict", "--rounds", "3"]).Options!;

        Assert.Equal((3, true, true, "out.json"), (options.Rounds, options.Quick, options.Strict, options.Json));
        Assert.Equal((true, true, false), (options.Asks("burst"), options.Asks("memory"), options.Asks("painted")));
    }

    [Theory]
    [InlineData("--rounds")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "-1")]
    [InlineData("--only", "everything")]
    [InlineData("--json")]
    [InlineData("rounds")]
    public void Anything_else_gets_a_sentence(params string[] arguments)
    {
        var (options, sentence) = LoadOptions.Parse(arguments);

        Assert.Null(options);
        Assert.Contains("is no option of the load tool", sentence, StringComparison.Ordinal);
        Assert.Contains("usage:", sentence, StringComparison.Ordinal);
    }
}
