using Microsoft.Playwright;
using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>What a page became by events is what a reload would have drawn, and a page that hears nothing says so.</summary>
public sealed class LiveTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Live_is_reload()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var (maya, herself) = (OpenShop.ChatOf("Maya"), OpenShop.PersonOf("Maya"));
        await shop.SaysAsync(desk, "Maya", "M1", "Are you open on Sunday?", at: 1_000);
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync("/chat-clienti");
        await ana.OpenThreadAsync("Maya");
        await ana.GetByTestId("composer").FillAsync("Yes, from ten to four.");
        await ana.GetByTestId("send").ClickAsync();
        var own = ana.Message("Yes, from ten to four.");
        var sent = await shop.SentAsync(desk);
        await shop.HappensAsync(desk, new ReceiptArrived([sent], maya, herself, ReceiptStatus.Read, 2_000));
        await shop.SaysAsync(desk, "Maya", "M2", "Grat, see you then", at: 3_000);
        await shop.HappensAsync(desk, new MessageEdited("M2", maya, herself, FromMe: false, "Great, see you then", 3_500));
        await shop.HappensAsync(desk, new ReactionArrived(sent, maya, herself, FromMe: false, "👍", 3_600));
        await shop.HappensAsync(desk, new PlaceholderArrived("M3", maya, herself, FromMe: false, 4_000));
        await shop.SaysAsync(desk, "Maya", "M4", "Wrong chat, sorry", at: 5_000);
        await shop.HappensAsync(desk, new MessageRevoked("M4", maya, herself, FromMe: false, 5_500));
        await shop.SaysAsync(desk, "Jonas", "J1", "Thursday would be best.", at: 6_000);
        await Expect(ana.GetByTestId("thread")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await Expect(own).ToHaveAttributeAsync("data-status", "read", new() { Timeout = 60_000 });
        await Expect(ana.GetByTestId("message")).ToHaveCountAsync(5, new() { Timeout = 60_000 });
        await Expect(ana.Message("Great, see you then")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Expect(ana.Locator("[data-testid=thread][data-unread]")).ToHaveCountAsync(1, new() { Timeout = 60_000 });

        var live = await DrawnAsync(ana);
        await ana.ReloadAsync();
        await ana.IsLiveAsync();
        await Expect(ana.GetByTestId("message")).ToHaveCountAsync(5);

        Assert.Equal(await DrawnAsync(ana), live);
    }

    [Fact]
    public async Task A_draft_survives_a_reload()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        await shop.SaysAsync(desk, "Maya", "M1", "Are you open on Sunday?");
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        await ana.OpenThreadAsync("Maya");
        await ana.GetByTestId("composer").FillAsync("Half a sen");
        await ana.ReloadAsync();
        await ana.IsLiveAsync();

        await Expect(ana.GetByTestId("composer")).ToHaveValueAsync("Half a sen");
    }

    [Fact]
    public async Task The_dot_tells_the_three_faults_apart()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var orders = await shop.LinkedAsync("Orders", "447700900102");
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        var dot = ana.GetByTestId("status-dot");
        await Expect(dot).ToHaveAttributeAsync("data-overall", "ok");

        await shop.BecomesAsync(orders, SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Reconnect);
        await Expect(dot).ToHaveAttributeAsync("data-fault", "accounts", new() { Timeout = 60_000 });
        await Expect(dot).ToHaveAttributeAsync("title", "WhatsApp: Orders is not connected");
        await Expect(ana.GetByTestId("status-badge")).ToContainTextAsync("1 number offline");

        await shop.Get<CommandStore>().Add(desk.AccountId, CommandKind.Stop, argument: null, isActive: false, TestContext.Current.CancellationToken);
        await shop.BecomesAsync(desk, SessionStatus.Disconnected, ReasonCode.StoppedByPerson);
        await shop.BecomesAsync(orders, SessionStatus.Connected, ReasonCode.Proven);
        await Expect(dot).ToHaveAttributeAsync("title", "WhatsApp: Front desk was stopped by somebody and receives nothing", new() { Timeout = 60_000 });
        await Expect(dot).ToHaveAttributeAsync("data-overall", "down");

        await ana.Context.SetOfflineAsync(true);
        await Expect(dot).ToHaveAttributeAsync("data-fault", "browser", new() { Timeout = 60_000 });
        await Expect(ana.Locator("wa-link-bar")).ToContainTextAsync("This device is offline");
        await ana.Context.SetOfflineAsync(false);
        await Expect(dot).ToHaveAttributeAsync("data-fault", "accounts", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_number_that_nobody_keeps_alive_is_not_green_whatever_was_last_heard_of_it()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        var dot = ana.GetByTestId("status-dot");
        await Expect(dot).ToHaveAttributeAsync("data-overall", "ok");

        // The worker dies without a word, and its lease runs out.
        await shop.Get<LeaseStore>().Renew([desk], TimeSpan.Zero, TestContext.Current.CancellationToken);

        await Expect(dot).ToHaveAttributeAsync("data-overall", "down", new() { Timeout = 120_000 });
        await dot.ClickAsync();
        await Expect(ana.GetByTestId("status-popover")).ToContainTextAsync("Not proven");

        await shop.Get<LeaseStore>().Renew([desk], TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        await Expect(dot).ToHaveAttributeAsync("data-overall", "ok", new() { Timeout = 120_000 });
    }

    [Fact]
    public async Task A_server_that_is_gone_is_no_fault_of_a_number()
    {
        await using var shop = await OpenShop.OpenAsync();
        await shop.LinkedAsync("Front desk", "447700900101");
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        var dot = ana.GetByTestId("status-dot");
        await Expect(dot).ToHaveAttributeAsync("data-overall", "ok");

        await shop.CloseAsync();

        await Expect(dot).ToHaveAttributeAsync("data-fault", "server", new() { Timeout = 60_000 });
        await dot.ClickAsync();
        await Expect(ana.GetByTestId("status-popover")).ToContainTextAsync("The server can’t be reached");
    }

    [Fact]
    public async Task The_past_of_a_number_is_told_in_words_while_it_happens()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var ana = await shop.AnaAsync(chromium);
        await ana.GotoAsync("/accounts-management");
        await ana.IsLiveAsync();
        await ana.GetByTestId("account-more").ClickAsync();
        var past = ana.Locator("wa-session");
        await Expect(past).ToContainTextAsync("Connected");

        await shop.BecomesAsync(desk, SessionStatus.Disconnected, ReasonCode.NetworkUnreachable);

        await Expect(past).ToContainTextAsync("This server can’t reach WhatsApp", new() { Timeout = 60_000 });
        await Expect(ana.GetByTestId("account-status")).ToHaveTextAsync("Disconnected");
    }

    [Fact]
    public async Task A_reconnect_has_an_honest_end()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        await shop.BecomesAsync(desk, SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Reconnect);
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        await ana.GetByTestId("status-dot").ClickAsync();
        var popover = ana.GetByTestId("status-popover");
        await Expect(popover).ToContainTextAsync("+44 **** 0101");
        var reconnect = popover.Locator("[data-reconnect]");
        await reconnect.ClickAsync();
        await Expect(reconnect).ToHaveAttributeAsync("aria-disabled", "true");

        await shop.BecomesAsync(desk, SessionStatus.Connecting, ReasonCode.Resuming);
        await Expect(popover).ToContainTextAsync("signing in again", new() { Timeout = 60_000 });
        await Expect(reconnect).ToHaveAttributeAsync("aria-disabled", "true");
        await shop.BecomesAsync(desk, SessionStatus.Error, ReasonCode.LoggedOut, OperatorAction.RelinkPhone);
        await Expect(popover).ToContainTextAsync("It did not come back. The phone removed this device", new() { Timeout = 60_000 });
        await shop.BecomesAsync(desk, SessionStatus.Connected, ReasonCode.Proven);
        await Expect(popover).ToContainTextAsync("Connected again.", new() { Timeout = 60_000 });
        await Expect(reconnect).ToHaveCountAsync(0);
    }

    /// <summary>The threads and messages without what is of this page load alone: when it was drawn, and what has the focus.</summary>
    private static Task<string> DrawnAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => ['wa-threads [data-part="list"]', 'wa-messages'].map((selector) => {
          const copy = document.querySelector(selector).cloneNode(true);
          for (const element of copy.querySelectorAll('*')) for (const name of ['data-drawn', 'tabindex', 'style']) element.removeAttribute(name);
          return copy.innerHTML;
        }).join('\n')
        """);
}
