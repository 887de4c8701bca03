using System.Net;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

public sealed class LimitTests
{
    [Fact]
    public async Task Who_asks_too_often_waits_and_nobody_else_does()
    {
        await using var app = await TestApp.StartAsync("--Api:RequestsPerMinute=3", "--Api:Keys:1=the-other-key-0123456789");
        var program = app.Program();
        for (var count = 0; count < 3; count++)
        {
            await program.ReadAsync("health/deep");
        }

        using var refused = await program.GetAsync(new Uri("health/deep", UriKind.Relative), TestApp.Cancel);
        (await Answers.Body(refused, HttpStatusCode.TooManyRequests)).IsProblem("RATE_LIMITED");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);

        await app.Program("the-other-key-0123456789").ReadAsync("health/deep");
        await (await app.SignInAsync(OperatorRole.Employee)).Http.ReadAsync("health/deep");
        await app.Anybody().ReadAsync("health");
    }

    [Fact]
    public async Task Guessing_keys_is_counted_by_address()
    {
        await using var app = await TestApp.StartAsync("--Api:RequestsPerMinutePerAddress=2");
        (await app.Program("guess-1").ReadAsync("health/deep", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
        (await app.Program("guess-2").ReadAsync("health/deep", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");

        (await app.Program("guess-3").ReadAsync("health/deep", HttpStatusCode.TooManyRequests)).IsProblem("RATE_LIMITED");
        await app.Program().ReadAsync("health/deep");
    }

    [Fact]
    public async Task Guessing_passwords_is_counted_and_looking_at_the_page_is_not()
    {
        await using var app = await TestApp.StartAsync();
        var guesser = app.Anybody();
        var login = new Uri("login", UriKind.Relative);
        for (var count = 0; count < SignInLimitAttribute.PerMinute; count++)
        {
            using var wrong = await guesser.PostAsync(login, content: null, TestApp.Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        using var refused = await guesser.PostAsync(login, content: null, TestApp.Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        using var page = await guesser.GetAsync(login, TestApp.Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_script_in_a_circle_is_told_to_wait_and_the_hub_goes_on()
    {
        await using var app = await TestApp.StartAsync("--Api:HubCallsPerMinute=60");
        var somebody = await app.SignInAsync(OperatorRole.Employee);
        await using var hub = await somebody.ConnectAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            // A bucket of 60 that gets one a second can't serve this many.
            for (var call = 0; call < 10_000; call++)
            {
                await hub.CallAsync("Snapshot", TestApp.Cancel);
            }
        });

        Assert.Contains("ask too often", refused.Message, StringComparison.Ordinal);
        await using var other = await (await app.SignInAsync(OperatorRole.Employee)).ConnectAsync();
        await other.CallAsync("Snapshot", TestApp.Cancel);
    }

    [Theory]
    [InlineData("--Api:Keys:1=short", "Api:Keys")]
    [InlineData("--Api:RequestsPerMinute=0", "Api:RequestsPerMinute ")]
    [InlineData("--Api:RequestsPerMinutePerAddress=0", "Api:RequestsPerMinutePerAddress ")]
    [InlineData("--Api:HubCallsPerMinute=1", "Api:HubCallsPerMinute ")]
    [InlineData("--Api:QrWait=01:00:00", "Api:QrWait ")]
    [InlineData("--Gateway:AdminToken=short", "Gateway:AdminToken")]
    public async Task A_setting_that_makes_no_sense_ends_the_start_with_a_sentence(string setting, string named)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync(setting));

        Assert.Contains(named, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }
}
