using Microsoft.Playwright;
using RealtimeWa.Browser;
using RealtimeWa.Processes;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>What everybody sees of the numbers, on every page: the dot, what opens from it, and the badge.</summary>
public sealed class StatusTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly DateTime Now = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task The_dot_is_8_pixels_and_pulses_when_it_changes()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "40737571397");
        var ana = await shop.AnaAsync(chromium);
        await ana.AddInitScriptAsync(
            "window.pulses = 0; addEventListener('animationstart', ({ target, animationName }) => (window.pulses += animationName === 'pulse' && target.closest('wa-status-dot') !== null));");
        await ana.OpenChatAsync();
        var dot = ana.GetByTestId("status-dot");
        await Expect(dot).ToHaveAttributeAsync("data-overall", "ok");
        await Expect(dot).ToHaveAttributeAsync("title", "WhatsApp: connected");
        var size = (await dot.Locator(".dot").BoundingBoxAsync())!;
        Assert.Equal((8f, 8f), (size.Width, size.Height));
        var green = await ColourAsync(dot);
        var before = await PulsesAsync(ana);

        await shop.BecomesAsync(desk, SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Reconnect);
        await Expect(dot).ToHaveAttributeAsync("title", "WhatsApp: Front desk is not connected", new() { Timeout = 60_000 });
        await Eventually.Async(() => PulsesAsync(ana), pulses => pulses == before + 1, "it pulsed when it became red", TestContext.Current.CancellationToken);
        await Eventually.Async(() => ColourAsync(dot), colour => !string.Equals(colour, green, StringComparison.Ordinal), "it is red", TestContext.Current.CancellationToken);

        await shop.BecomesAsync(desk, SessionStatus.Disconnected, ReasonCode.NetworkUnreachable, OperatorAction.Reconnect);
        await shop.BecomesAsync(desk, SessionStatus.Connected, ReasonCode.Proven);
        await Expect(dot).ToHaveAttributeAsync("data-overall", "ok", new() { Timeout = 60_000 });
        await Eventually.Async(() => PulsesAsync(ana), pulses => pulses == before + 2, "it pulsed when it became green, and not in between", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_popover_tells_what_is_wrong_since_when_and_what_to_do()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "40737571397");
        var orders = await shop.LinkedAsync("Orders", "447700900102");
        await shop.ChangesAsync(desk, session => Lost(session) with { Reason = ReasonCode.ConnectionLost, Action = OperatorAction.Reconnect });
        await shop.ChangesAsync(orders, session => session with { LastProofAt = Before(minutes: 1) });
        var ana = await shop.AnaAsync(chromium);
        await ana.Clock.SetFixedTimeAsync(Now);
        await ana.OpenChatAsync();
        await ana.GetByTestId("status-dot").ClickAsync();
        var popover = ana.GetByTestId("status-popover");
        var first = popover.Locator($"[data-account-id='{desk.AccountId}']");
        var second = popover.Locator($"[data-account-id='{orders.AccountId}']");

        await Expect(popover).ToContainTextAsync("Front desk is not connected");
        await Expect(popover).ToContainTextAsync("The others work as usual.");
        await Expect(first).ToContainTextAsync("+40 **** 1397");
        await Expect(first).ToContainTextAsync("Disconnected · 2 min ago");
        await Expect(first).ToContainTextAsync("The connection to WhatsApp was lost.");
        await Expect(first).ToContainTextAsync("Reconnect it.");
        await Expect(first).ToContainTextAsync("Last connected 7 min ago");
        await Expect(first.Locator(".status-icon[data-status=disconnected] use")).ToHaveAttributeAsync("href", "#i-offline");
        await Expect(first.GetByRole(AriaRole.Button)).ToHaveTextAsync("Try reconnect");
        await Expect(second).ToContainTextAsync("Connected · checked 1 min ago");
        await Expect(second.Locator(".status-icon[data-status=connected] use")).ToHaveAttributeAsync("href", "#i-check");
        await Expect(second.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Expect(popover).Not.ToContainTextAsync("737571397");
        await Expect(popover.GetByRole(AriaRole.Link, new() { Name = "Manage numbers" })).ToHaveAttributeAsync("href", "/accounts-management");

        await shop.ChangesAsync(desk, session => Lost(session) with { Status = SessionStatus.Error, Reason = ReasonCode.Unknown, Action = OperatorAction.ContactAdmin, LastError = "The stream ended with code 499." });
        await Expect(first).ToContainTextAsync("The stream ended with code 499.", new() { Timeout = 60_000 });
        await Expect(first).ToContainTextAsync("Ask an admin.");
        await Expect(first.Locator(".status-icon[data-status=error] use")).ToHaveAttributeAsync("href", "#i-alert");
    }

    [Fact]
    public async Task The_badge_says_it_in_words_and_opens_the_same_details()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "40737571397");
        var ana = await shop.AnaAsync(chromium);
        await ana.Clock.SetFixedTimeAsync(Now);
        await ana.OpenChatAsync();
        var badge = ana.GetByTestId("status-badge");
        await Expect(badge).ToContainTextAsync("WhatsApp connected");
        await Expect(badge).ToContainTextAsync("+40 **** 1397");

        await shop.ChangesAsync(desk, session => Lost(session) with { Reason = ReasonCode.NetworkUnreachable, Action = OperatorAction.Wait });
        await Expect(badge).ToContainTextAsync("WhatsApp offline", new() { Timeout = 60_000 });
        await Expect(badge).ToContainTextAsync("+40 **** 1397");
        await Expect(badge.GetByTitle("Last connected 7 min ago")).ToHaveCountAsync(1);
        await badge.ClickAsync();
        var popover = ana.GetByTestId("status-popover");
        await Expect(popover).ToContainTextAsync("This server can’t reach WhatsApp");
        await Expect(popover).ToContainTextAsync("No number sends or receives now.");
        var (box, above) = ((await popover.BoundingBoxAsync())!, (await badge.BoundingBoxAsync())!);
        Assert.True(box.X >= 0 && box.Y >= 0 && box.Y + box.Height <= above.Y, "It stands above the badge and inside the window.");
    }

    private static long Before(int minutes) => new DateTimeOffset(Now.AddMinutes(-minutes)).ToUnixTimeMilliseconds();

    private static SessionView Lost(SessionView session) => session with
    {
        Status = SessionStatus.Disconnected,
        Since = Before(minutes: 2),
        UpdatedAt = session.UpdatedAt + 1,
        LastConnectedAt = Before(minutes: 7),
    };

    // Two frames on, an animation that was begun has said so.
    private static Task<int> PulsesAsync(IPage page) =>
        page.EvaluateAsync<int>("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(window.pulses))))");

    private static Task<string> ColourAsync(ILocator dot) => dot.Locator(".dot").EvaluateAsync<string>("(dot) => getComputedStyle(dot).backgroundColor");
}
