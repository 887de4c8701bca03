using RealtimeWa.Browser;
using RealtimeWa.Shop;

namespace RealtimeWa;

/// <summary>The check beneath the pushes, in a real browser: how often it asks, and that it leaves a server alone that nobody looks at.</summary>
public sealed class PollingTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Light = "/health";
    private const string Deep = "/health/deep";

    [Fact]
    public async Task A_young_server_is_asked_every_5_seconds_a_settled_one_every_30_and_number_by_number_every_5_minutes()
    {
        await using var shop = await OpenShop.OpenAsync();
        await shop.LinkedAsync("Front desk", "447700900101");
        var asked = await AskedHealth.OpenAsync(await shop.AnaAsync(chromium), age: TimeSpan.Zero);

        await asked.PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal([.. Every(5, from: 0, to: 60), .. Every(30, from: 90, to: 600)], await asked.AtAsync(Light));
        Assert.Equal([300, 600], await asked.AtAsync(Deep));
    }

    [Fact]
    public async Task Nothing_is_asked_while_nobody_looks_and_at_once_when_somebody_does_again()
    {
        await using var shop = await OpenShop.OpenAsync();
        await shop.LinkedAsync("Front desk", "447700900101");
        var asked = await AskedHealth.OpenAsync(await shop.AnaAsync(chromium), age: TimeSpan.FromHours(1));

        await asked.ShowAsync(isHidden: true);
        await asked.PassAsync(TimeSpan.FromMinutes(4));
        Assert.Equal([0], await asked.AtAsync(Light));

        await asked.ShowAsync(isHidden: false);
        Assert.Equal([0, 240], await asked.AtAsync(Light));

        await asked.PassAsync(TimeSpan.FromSeconds(10));
        await asked.FocusAsync();
        Assert.Equal([0, 240, 250], await asked.AtAsync(Light));

        await asked.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([0, 240, 250, 280], await asked.AtAsync(Light));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_asked_after_5_10_and_30_seconds()
    {
        await using var shop = await OpenShop.OpenAsync();
        await shop.LinkedAsync("Front desk", "447700900101");
        var asked = await AskedHealth.OpenAsync(await shop.AnaAsync(chromium), age: TimeSpan.FromHours(1));

        asked.IsServerAway = true;
        await asked.PassAsync(TimeSpan.FromSeconds(105));
        asked.IsServerAway = false;
        await asked.PassAsync(TimeSpan.FromSeconds(60));

        Assert.Equal([0, 30, 35, 45, 75, 105, 135, 165], await asked.AtAsync(Light));
    }

    private static IEnumerable<double> Every(int seconds, int from, int to)
    {
        for (var at = from; at <= to; at += seconds)
        {
            yield return at;
        }
    }
}
