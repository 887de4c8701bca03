using Microsoft.Playwright;
using RealtimeWa.Processes;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa.Browser;

/// <summary>What an operator does and sees, by the design's test hooks alone.</summary>
internal sealed class OperatorPage(IPage page)
{
    public IPage Page => page;

    public ILocator Messages => page.GetByTestId("message");

    public static async Task<OperatorPage> SignInAsync(Chromium chromium, Uri url)
    {
        var page = await chromium.OpenAsync(url);
        await page.GotoAsync("/login");
        await page.FillAsync("[name=Email]", ProductProcess.AdminEmail);
        await page.FillAsync("[name=Password]", ProductProcess.AdminPassword);
        await page.PressAsync("[name=Password]", "Enter");
        await page.WaitForURLAsync(address => !address.Contains("/login", StringComparison.Ordinal));
        return new OperatorPage(page);
    }

    public async Task OpensChatAsync()
    {
        await page.GotoAsync("/whatsapp/chat");
        await page.WaitForSelectorAsync("html[data-live=on]");
    }

    public Task OpensThreadAsync(string name) => page.GetByTestId("thread").Filter(new() { HasText = name }).First.ClickAsync();

    public Task SeesAsync(string text) => Expect(Messages.Filter(new() { HasText = text })).ToHaveCountAsync(1, new() { Timeout = 60_000 });

    public async Task SaysAsync(string text)
    {
        await page.GetByTestId("composer").FillAsync(text);
        await page.GetByTestId("send").ClickAsync();
    }

    /// <summary>The ticks of a message of ours, as they change.</summary>
    public Task SeesStatusAsync(string text, string status) =>
        Expect(Messages.Filter(new() { HasText = text })).ToHaveAttributeAsync("data-status", status, new() { Timeout = 60_000 });

    /// <summary>The texts of all bubbles, from the first message of the thread on.</summary>
    public async Task<IReadOnlyList<string>> AllTextsAsync(string first)
    {
        var oldest = Messages.Filter(new() { HasText = first });
        while (await oldest.CountAsync() == 0)
        {
            var shown = await Messages.CountAsync();
            await Messages.First.ScrollIntoViewIfNeededAsync();
            await page.WaitForFunctionAsync("shown => document.querySelectorAll('[data-testid=message]').length !== shown", shown);
        }

        return await Messages.AllInnerTextsAsync();
    }
}
