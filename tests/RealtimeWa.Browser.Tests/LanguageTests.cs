using Microsoft.Playwright;
using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

public sealed class LanguageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Pages_speak_the_browsers_language_until_somebody_chooses_another()
    {
        await using var shop = await OpenShop.OpenAsync();
        var ana = await shop.VisitorAsync(chromium, options => options.Locale = "ro-RO");
        await ana.GotoAsync("/login");
        await Expect(ana.Locator("html")).ToHaveAttributeAsync("lang", "ro");
        await Expect(ana.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Autentificare");

        await OpenShop.SignInAsync(ana, OpenShop.Password);
        await ana.WaitForURLAsync(address => !address.Contains("/login", StringComparison.Ordinal));
        await ana.GotoAsync("/settings/people");
        await ana.ClickAsync("summary.me");
        await ana.ClickAsync("button[name=language][value=es]");

        await Expect(ana.Locator("html")).ToHaveAttributeAsync("lang", "es");
        await Expect(ana.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Personas");

        // The live parts draw themselves from the same sentences.
        await Expect(ana.GetByTestId("status-dot")).ToHaveAttributeAsync("title", "WhatsApp: aún ningún número", new() { Timeout = 60_000 });
    }
}
