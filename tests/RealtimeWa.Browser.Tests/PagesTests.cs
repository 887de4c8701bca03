using Microsoft.Playwright;
using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>Every page can be used by everybody, in both themes and on a phone, and what is a form or a table works without a script.</summary>
public sealed class PagesTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Every_page_keeps_the_rules_of_accessibility(ColorScheme theme, int width)
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        var orders = await shop.LinkedAsync("Orders", "447700900102");
        await shop.SaysAsync(desk, "Maya", "M1", "Are you open on Sunday?");
        await shop.SaysAsync(orders, "Pilar", "P1", "Where is https://example.org/order/4417?");
        await shop.BecomesAsync(orders, SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Reconnect);
        List<string> wrong = [];
        void Theme(BrowserNewContextOptions options)
        {
            options.ColorScheme = theme;
            options.ViewportSize = new() { Width = width, Height = 800 };
            options.ReducedMotion = ReducedMotion.Reduce;
        }

        var visitor = await shop.VisitorAsync(chromium, Theme);
        await LookAsync(visitor, "/login");
        var ana = await shop.AnaAsync(chromium, Theme);
        foreach (var path in new[] { "/whatsapp/chat", "/chat-clienti", "/chat-clienti?tab=accounts", "/accounts-management", $"/accounts-management?pair={orders.AccountId}", "/settings/people", "/settings/me", "/about", "/no-such-page" })
        {
            await LookAsync(ana, path);
        }

        await LookAsync(ana, "/chat-clienti", async page =>
        {
            await page.OpenThreadAsync("Maya");
            await page.SeesAsync("Are you open on Sunday?");
        });
        await LookAsync(ana, "/accounts-management", async page =>
        {
            await page.IsLiveAsync();
            await page.GetByTestId("account-more").First.ClickAsync();
            await Expect(page.Locator("wa-session .past").First).ToBeVisibleAsync();
        });
        await LookAsync(ana, "/chat-clienti", async page =>
        {
            await page.IsLiveAsync();
            await page.GetByTestId("status-dot").ClickAsync();
            await Expect(page.GetByTestId("status-popover")).ToBeVisibleAsync();
        });

        Assert.Equal("", string.Join(Environment.NewLine, wrong));

        async Task LookAsync(IPage page, string path, Func<IPage, Task>? act = null)
        {
            await page.GotoAsync(path);
            await (act?.Invoke(page) ?? Task.CompletedTask);
            wrong.AddRange((await Axe.CheckAsync(page)).Select(violation => $"{path}: {violation}"));
            if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"))
            {
                wrong.Add($"{path}: it is wider than the screen.");
            }
        }
    }

    [Fact]
    public async Task Forms_and_tables_work_without_a_script()
    {
        await using var shop = await OpenShop.OpenAsync();
        await shop.LinkedAsync("Front desk", "447700900101");
        var ana = await shop.AnaAsync(chromium, options => options.JavaScriptEnabled = false);

        await ana.GotoAsync("/about");
        await Expect(ana.GetByTestId("count-accounts")).ToHaveTextAsync("1");
        await Expect(ana.GetByTestId("lease")).ToContainTextAsync("Front desk");
        await Expect(ana.GetByTestId("about-version")).Not.ToBeEmptyAsync();

        await ana.GotoAsync("/accounts-management");
        await ana.FillAsync("[name=label] >> nth=0", "Orders");
        await ana.ClickAsync("form[action='/accounts/add'] button[type=submit]");
        await Expect(ana.GetByTestId("account-row")).ToHaveCountAsync(2);
        await Expect(ana.GetByTestId("said")).ToBeVisibleAsync();

        await ana.GotoAsync("/settings/people");
        await Expect(ana.GetByTestId("person-row")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_number_too_many_is_refused_with_a_sentence()
    {
        await using var shop = await OpenShop.OpenAsync();
        for (var number = 1; number <= 30; number++)
        {
            await shop.Get<AccountStore>().Add($"Shop {number}", instanceId: null, max: 30, TestContext.Current.CancellationToken);
        }

        var ana = await shop.AnaAsync(chromium);
        await ana.GotoAsync("/accounts-management");
        await ana.FillAsync("[name=label] >> nth=0", "One more");
        await ana.PressAsync("[name=label] >> nth=0", "Enter");

        await Expect(ana.GetByTestId("refused")).ToContainTextAsync("30");
        await Expect(ana.GetByTestId("account-row")).ToHaveCountAsync(30);
    }

    [Fact]
    public async Task Only_an_admin_sees_the_insides()
    {
        await using var shop = await OpenShop.OpenAsync();
        var visitor = await shop.VisitorAsync(chromium);
        var answer = await visitor.GotoAsync("/about");

        Assert.Contains("/login", answer!.Url, StringComparison.Ordinal);
    }
}
