using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>The whole console without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_conversation_is_found_opened_answered_and_left()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        await shop.SaysAsync(desk, "Maya", "M1", "Are you open on Sunday?", at: 2_000);
        await shop.SaysAsync(desk, "Jonas", "J1", "Thursday would be best.", at: 1_000);
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();

        await ana.Keyboard.PressAsync("j");
        await ana.Keyboard.PressAsync("j");
        await Expect(ana.Thread("Jonas").Locator(".thread-link")).ToBeFocusedAsync();
        await ana.Keyboard.PressAsync("k");
        await ana.Keyboard.PressAsync("Enter");
        await ana.SeesAsync("Are you open on Sunday?");
        await Expect(ana.GetByTestId("composer")).ToBeFocusedAsync();
        await ana.Keyboard.TypeAsync("Yes,");
        await ana.Keyboard.PressAsync("Shift+Enter");
        await ana.Keyboard.TypeAsync("from ten to four.");
        await ana.Keyboard.PressAsync("Enter");
        await ana.SeesAsync("from ten to four.");
        await Expect(ana.GetByTestId("composer")).ToHaveValueAsync("");
        await ana.Keyboard.PressAsync("Escape");
        await Expect(ana.Thread("Maya").Locator(".thread-link")).ToBeFocusedAsync();

        await ana.Keyboard.PressAsync("/");
        await ana.Keyboard.TypeAsync("jonas");
        await Expect(ana.GetByTestId("thread")).ToHaveCountAsync(1);
        await ana.Keyboard.PressAsync("Escape");
        await Expect(ana.GetByTestId("thread")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task What_opens_over_the_page_closes_at_Escape_and_gives_the_focus_back()
    {
        await using var shop = await OpenShop.OpenAsync();
        await shop.LinkedAsync("Front desk", "447700900101");
        var ana = await shop.AnaAsync(chromium);
        await ana.GotoAsync("/accounts-management");
        await ana.IsLiveAsync();

        foreach (var opener in new[] { ana.GetByTestId("status-dot"), ana.GetByTestId("status-badge") })
        {
            await opener.FocusAsync();
            await ana.Keyboard.PressAsync("Enter");
            await Expect(ana.GetByTestId("status-popover")).ToBeVisibleAsync();
            await ana.Keyboard.PressAsync("Escape");
            await Expect(ana.GetByTestId("status-popover")).ToBeHiddenAsync();
            await Expect(opener).ToBeFocusedAsync();
        }

        var menu = ana.GetByTestId("account-row").Locator("details.menu > summary");
        await menu.FocusAsync();
        await ana.Keyboard.PressAsync("Enter");
        var delete = ana.GetByTestId("delete");
        await delete.FocusAsync();
        await ana.Keyboard.PressAsync("Enter");
        await Expect(ana.GetByTestId("delete-confirm")).ToBeVisibleAsync();
        await ana.Keyboard.PressAsync("Escape");
        await Expect(ana.GetByTestId("delete-confirm")).ToBeHiddenAsync();
        await Expect(ana.GetByTestId("account-row")).ToHaveCountAsync(1);
    }
}
