using RealtimeWa.Load;

namespace RealtimeWa;

public sealed class SamplesTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3.0)]
    [InlineData(new[] { 9.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 3.0, 2.0 }, 2.5)]
    public void The_median_is_the_middle(double[] samples, double median) => Assert.Equal(median, Samples.Median(samples));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(99.5, 100)]
    [InlineData(100, 100)]
    public void A_percentile_is_the_sample_at_its_rank(double percent, double expected)
    {
        var samples = Enumerable.Range(1, 100).Reverse().Select(number => (double)number);

        Assert.Equal(expected, Samples.Percentile(samples, percent));
    }

    [Fact]
    public void A_high_percentile_of_few_samples_is_the_largest() => Assert.Equal(7.0, Samples.Percentile([5.0, 7.0, 6.0], 99));

    [Fact]
    public void Nothing_measured_is_an_error_and_not_a_zero()
    {
        Assert.Throws<ArgumentException>(() => Samples.Median([]));
        Assert.Throws<ArgumentException>(() => Samples.Percentile([], 50));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_percent_is_more_than_0_and_at_most_100(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Percentile([1.0], percent));
}
