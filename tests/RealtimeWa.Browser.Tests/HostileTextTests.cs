using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>Whatever a customer writes, and whatever he calls himself, is text: shown as it was written, and never run.</summary>
public sealed class HostileTextTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("<img src=x onerror=\"window.ran = true\"><script>window.ran = true</script>")]
    [InlineData("</script><svg onload=\"window.ran=true\"> javascript:window.ran=true")]
    [InlineData("\u202Egnirts siht daer\u202C and \u2066isolated\u2069 and \u200Fright\u200E")]
    [InlineData("ze\u200Bro\u200Cwi\u200Ddth\uFEFF \u2060joined")]
    [InlineData("👩🏽‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🇷🇴 1️⃣ e\u0301")]
    [InlineData("{0} {{1}} %s ${window.ran=true} @@Model")]
    public async Task It_is_shown_as_it_was_written(string text)
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("<b onclick=window.ran=true>Desk</b>", "447700900101");
        await shop.HappensAsync(desk, new MessageArrived("H1", OpenShop.ChatOf("Mallory"), OpenShop.PersonOf("Mallory") with { Name = $"Mallory {text}" }, FromMe: false, 1_000, MessageKind.Text, text));
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        await ana.OpenThreadAsync("Mallory");

        // The first paint, a change that arrives live, and a reload draw the same.
        await Expect(ana.GetByTestId("message")).ToHaveCountAsync(1);
        Assert.Equal(text, await ShownAsync(0));
        await shop.HappensAsync(desk, new MessageArrived("H2", OpenShop.ChatOf("Mallory"), OpenShop.PersonOf("Mallory"), FromMe: false, 2_000, MessageKind.Text, text + " again"));
        await Expect(ana.GetByTestId("message")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        Assert.Equal(text + " again", await ShownAsync(1));
        await ana.ReloadAsync();
        await ana.IsLiveAsync();
        Assert.Equal(text, await ShownAsync(0));
        await ana.GotoAsync("/accounts-management");
        await Expect(ana.GetByTestId("account-row")).ToContainTextAsync("<b onclick=window.ran=true>Desk</b>");

        Assert.False(await ana.EvaluateAsync<bool>("() => window.ran === true"));

        Task<string> ShownAsync(int index) => ana.GetByTestId("message").Nth(index).Locator(".text").EvaluateAsync<string>("element => element.textContent");
    }

    [Fact]
    public async Task Sixty_thousand_characters_are_cut_for_the_eye_and_all_there_when_asked_for()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Desk", "447700900101");
        var text = string.Concat(Enumerable.Repeat("wordy ", 10_000)) + "end";
        await shop.SaysAsync(desk, "Mallory", "L1", text);
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        await ana.OpenThreadAsync("Mallory");
        var shown = ana.GetByTestId("message").Locator(".text");
        await Expect(shown).ToHaveCountAsync(1);
        var more = ana.GetByTestId("message").Locator(".more");
        while (await more.CountAsync() > 0)
        {
            await more.First.ClickAsync();
        }

        Assert.Equal(text.Length, await shown.EvaluateAsync<int>("element => element.textContent.length"));
    }
}
