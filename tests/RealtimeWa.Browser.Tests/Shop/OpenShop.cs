using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using RealtimeWa.Browser;

namespace RealtimeWa.Shop;

/// <summary>
/// The whole product inside the test, without workers and bridge: what would come from WhatsApp is written through the stores, and the
/// hub finds and pushes it as it does when another process wrote it.
/// </summary>
internal sealed partial class OpenShop : IAsyncDisposable
{
    public const string Email = "ana@example.org";
    public const string Password = "correct horse battery staple 1";

    private readonly WebApplication app;
    private readonly string folder;
    private readonly List<IBrowserContext> contexts = [];

    private OpenShop(WebApplication app, string folder)
    {
        this.app = app;
        this.folder = folder;
    }

    public Uri Url { get; private set; } = null!;

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <param name="settings">As on the command line, such as <c>--Accounts:Max=1</c>.</param>
    public static async Task<OpenShop> OpenAsync(params string[] settings)
    {
        var place = Directory.CreateTempSubdirectory("realtimewa-browser-").FullName;
        var product = await Composition.BuildAsync(
            [
                "--urls=http://127.0.0.1:0", $"--Data:Directory={place}", "--Workers:Embedded=false",
                $"--Setup:AdminEmail={Email}", $"--Setup:AdminPassword={Password}", .. settings,
            ],
            Ends);
        var shop = new OpenShop(product, place);
        await product.StartAsync(Ends);
        shop.Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{new Uri(product.Urls.First()).Port}/"));
        return shop;
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A page of somebody who has not signed in. Our policy forbids eval, which Playwright waits with: so it is put aside here.</summary>
    public async Task<IPage> VisitorAsync(Chromium chromium, Action<BrowserNewContextOptions>? configure = null)
    {
        var page = await chromium.OpenAsync(Url, options =>
        {
            options.BypassCSP = true;
            options.Locale = "en-GB";
            options.ViewportSize = new() { Width = 1280, Height = 860 };
            configure?.Invoke(options);
        });
        contexts.Add(page.Context);
        return page;
    }

    /// <summary>A page of the admin, who is called Ana.</summary>
    public async Task<IPage> AnaAsync(Chromium chromium, Action<BrowserNewContextOptions>? configure = null)
    {
        var page = await VisitorAsync(chromium, configure);
        await page.GotoAsync("/login");
        await SignInAsync(page, Password);
        await page.WaitForURLAsync(address => !address.Contains("/login", StringComparison.Ordinal));
        return page;
    }

    public static async Task SignInAsync(IPage page, string password)
    {
        await page.FillAsync("[name=Email]", Email);
        await page.FillAsync("[name=Password]", password);
        await page.PressAsync("[name=Password]", "Enter");
    }

    /// <summary>The server goes away while pages are open.</summary>
    public async Task CloseAsync()
    {
        await app.StopAsync(Ends);
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }

        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
