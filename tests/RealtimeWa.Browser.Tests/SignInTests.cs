using RealtimeWa.Browser;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

public sealed class SignInTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_wrong_password_gets_a_plain_answer_and_the_fifth_locks()
    {
        await using var shop = await OpenShop.OpenAsync();
        var visitor = await shop.VisitorAsync(chromium);
        await visitor.GotoAsync("/login");
        string? answer = null;
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await OpenShop.SignInAsync(visitor, $"wrong password {attempt}");
            await visitor.WaitForURLAsync(address => address.Contains("/login", StringComparison.Ordinal));
            await Expect(visitor.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToBeVisibleAsync();
            var said = await visitor.GetByRole(Microsoft.Playwright.AriaRole.Alert).InnerTextAsync();
            Assert.Equal(answer ?? said, said);
            answer = said;
            await visitor.GotoAsync("/login");
        }

        // Locked: the right password is refused too, and in the same words, so that nobody learns which it was.
        await OpenShop.SignInAsync(visitor, OpenShop.Password);
        await Expect(visitor.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToHaveTextAsync(answer!);
        Assert.Contains("/login", visitor.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_back_stays_inside()
    {
        await using var shop = await OpenShop.OpenAsync();
        var visitor = await shop.VisitorAsync(chromium);
        await visitor.GotoAsync("/login?returnUrl=https://example.org/");
        await OpenShop.SignInAsync(visitor, OpenShop.Password);
        await visitor.WaitForURLAsync(address => !address.Contains("/login", StringComparison.Ordinal));

        Assert.Equal(shop.Url.Authority, new Uri(visitor.Url).Authority);
    }
}
