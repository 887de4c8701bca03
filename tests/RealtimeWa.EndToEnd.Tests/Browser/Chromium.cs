using Microsoft.Playwright;

namespace RealtimeWa.Browser;

/// <summary>Debian's Chromium without a window. One for all tests of a class; each person is a context of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // Ends a test that has failed: what is expected comes sooner, but on a busy machine not within Playwright's own 5 seconds.
    private const float Limit = 60_000;

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Limit);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    public async Task<IPage> OpenAsync(Uri url, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions { BaseURL = url.ToString() };
        configure?.Invoke(options);
        var context = await browser!.NewContextAsync(options);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Limit);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
