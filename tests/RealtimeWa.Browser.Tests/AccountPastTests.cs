using System.Globalization;
using Microsoft.Playwright;
using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>What the accounts page tells of one number: its signs of life, each apart, and what happened to it.</summary>
public sealed class AccountPastTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_signs_of_life_stand_apart_and_what_WhatsApp_limits_has_its_end()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var page = await OpenAccountAsync(shop);
        var row = page.GetByTestId("account-row");

        await shop.ChangesAsync(desk, session => session with
        {
            UpdatedAt = session.UpdatedAt + 1,
            Since = At("10:09"),
            OpenSince = At("10:08"),
            LastProofAt = At("11:58"),
            LastEventAt = At("11:43"),
            BridgeMemory = 48_300_000,
            Notices = [new("message_capping", At("11:00"), Until: At("18:30"), Used: 40, Total: 50), new("reachout_time_lock", At("09:00"), Until: At("11:59"))],
        });

        await Expect(Fact("open")).ToHaveTextAsync("for 1 h 52 min", new() { Timeout = 60_000 });
        await Expect(Fact("proof")).ToHaveTextAsync("2 min ago");
        await Expect(Fact("event")).ToHaveTextAsync("17 min ago");
        await Expect(Fact("uptime")).ToHaveTextAsync("1 h 51 min");
        await Expect(Fact("bridge")).ToHaveTextAsync("48\u00a0MB");
        await Expect(row).ToContainTextAsync("checked 2 min ago");
        await Expect(row.Locator(".notice")).ToHaveCountAsync(1);
        await Expect(row.Locator(".notice")).ToContainTextAsync("40 of 50 are used up. Until 18:30.");

        await shop.ChangesAsync(desk, session => session with
        {
            Status = SessionStatus.Disconnected,
            Reason = ReasonCode.ConnectionLost,
            Since = At("11:59"),
            UpdatedAt = session.UpdatedAt + 1,
            LastConnectedAt = At("11:59"),
            OpenSince = null,
            BridgeMemory = null,
            Notices = [],
        });

        await Expect(Fact("open")).ToHaveTextAsync("closed", new() { Timeout = 60_000 });
        await Expect(Fact("proof")).ToHaveTextAsync("2 min ago");
        await Expect(Fact("uptime")).ToHaveTextAsync("last 1 min ago");
        await Expect(Fact("bridge")).ToHaveTextAsync("not known");
        await Expect(row.Locator(".notice")).ToHaveCountAsync(0);

        ILocator Fact(string name) => row.Locator($"[data-fact='session.{name}']");
    }

    [Fact]
    public async Task A_time_offline_says_what_was_repaired_and_each_try_says_how_it_ended()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var page = await OpenAccountAsync(shop);
        var past = page.GetByTestId("account-row").Locator("wa-session");

        await shop.ChangesAsync(
            desk,
            session => session with { Status = SessionStatus.Disconnected, Reason = ReasonCode.ProbeFailed, Since = At("10:02"), UpdatedAt = session.UpdatedAt + 1 },
            new HistoryStep.GapOpened(At("10:02"), ReasonCode.ProbeFailed),
            new HistoryStep.AttemptBegan(At("10:02"), ReasonCode.ProbeFailed, IsTeardown: true),
            new HistoryStep.AttemptEnded(At("10:03"), AttemptOutcome.Failed, ReasonCode.NetworkUnreachable));
        await Expect(past).ToContainTextAsync("Offline for 1 h 58 min", new() { Timeout = 60_000 });
        await Expect(past).ToContainTextAsync("Failed after 1 min");
        await Expect(past).ToContainTextAsync("The connection was open but did not answer any more. The open connection was given up for it. It ended so: This server can’t reach WhatsApp");

        await shop.HappensAsync(desk, [.. Enumerable.Range(0, 11).Select(number => OpenShop.Said("Maya", $"M{number}", $"Are you there? {number}", At("10:05")))]);
        await shop.ChangesAsync(
            desk,
            session => session with { Status = SessionStatus.Connected, Reason = ReasonCode.Proven, Since = At("10:09"), UpdatedAt = session.UpdatedAt + 1, OpenSince = At("10:08") },
            new HistoryStep.AttemptBegan(At("10:08"), ReasonCode.NetworkUnreachable),
            new HistoryStep.AttemptEnded(At("10:09"), AttemptOutcome.Connected, Reason: null),
            new HistoryStep.GapClosed(At("10:09"), ArrivedSince: At("10:08")));

        await Expect(past).ToContainTextAsync("Offline 10:02–10:09, 11 messages repaired, 0 unknown", new() { Timeout = 60_000 });
        await Expect(past).ToContainTextAsync("Back after 1 min");
        await Expect(past.GetByRole(AriaRole.Region, new() { Name = "Every change of status: Front desk" }).Locator("li p"))
            .ToHaveTextAsync(["Connected", "Disconnected", "Connected"]);

        var live = await past.InnerTextAsync();
        await page.ReloadAsync();
        await page.IsLiveAsync();
        await page.GetByTestId("account-more").ClickAsync();
        await Expect(past).ToContainTextAsync("Offline 10:02–10:09");
        Assert.Equal(live, await past.InnerTextAsync());
    }

    private static long At(string time) =>
        new DateTimeOffset(Now.Date + TimeOnly.Parse(time, CultureInfo.InvariantCulture).ToTimeSpan(), TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>It is noon, and stays so: what is told in minutes does not depend on how long the test takes.</summary>
    private async Task<IPage> OpenAccountAsync(OpenShop shop)
    {
        var ana = await shop.AnaAsync(chromium, options => options.TimezoneId = "UTC");
        await ana.Clock.SetFixedTimeAsync(Now.UtcDateTime);
        await ana.GotoAsync("/accounts-management");
        await ana.IsLiveAsync();
        await ana.GetByTestId("account-more").ClickAsync();
        return ana;
    }
}
