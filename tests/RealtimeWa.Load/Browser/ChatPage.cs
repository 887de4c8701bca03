using System.Text.Json;
using Microsoft.Playwright;
using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>The chat page in a real Chromium, as an operator has it open.</summary>
internal sealed class ChatPage : IAsyncDisposable
{
    private static readonly string Watch =
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "RealtimeWa.Load", "Browser", "watch.js"));

    private static readonly TimeSpan Press = TimeSpan.FromMilliseconds(80);

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly IPage page;

    private ChatPage(IPlaywright playwright, IBrowser browser, IPage page)
    {
        this.playwright = playwright;
        this.browser = browser;
        this.page = page;
    }

    /// <summary>Signs in and opens the chat page.</summary>
    public static async Task<ChatPage> OpenAsync(Uri url)
    {
        var driver = await Playwright.CreateAsync();
        var chromium = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        var chat = await chromium.NewPageAsync(new() { BaseURL = url.ToString() });
        await chat.AddInitScriptAsync(Watch);
        await chat.GotoAsync("/login");
        await chat.FillAsync("[name=Email]", ProductProcess.AdminEmail);
        await chat.FillAsync("[name=Password]", ProductProcess.AdminPassword);
        await chat.PressAsync("[name=Password]", "Enter");
        await chat.WaitForURLAsync(address => !address.Contains("/login", StringComparison.Ordinal));
        await chat.GotoAsync("/whatsapp/chat");
        await chat.WaitForSelectorAsync("html[data-live=on]");
        return new ChatPage(driver, chromium, chat);
    }

    /// <summary>Opens the thread of the contact with this name and waits until it shows a text.</summary>
    public async Task OpenThreadAsync(string name, string text)
    {
        await page.GetByTestId("thread").Filter(new() { HasText = name }).First.ClickAsync();
        await page.GetByTestId("message").Filter(new() { HasText = text }).First.WaitForAsync();
    }

    /// <summary>When each marked message was in the DOM, when its frame began and when that was painted.</summary>
    public async Task<IReadOnlyDictionary<string, Seen>> SeenAsync()
    {
        var text = await page.EvaluateAsync<string>(
            "() => JSON.stringify(Object.fromEntries([...loadTool.seen].filter(([, times]) => times.painted !== undefined)))");
        return JsonSerializer.Deserialize<Dictionary<string, Seen>>(text, JsonSerializerOptions.Web)!;
    }

    /// <summary>
    /// Types a text and clicks Send as a person does: the pointer is there before, and the button is held for a moment. Nothing is asked of
    /// the page after that, because it would take the time of what is measured.
    /// </summary>
    public async Task SendAsync(string text)
    {
        await page.GetByTestId("composer").FillAsync(text);
        await page.GetByTestId("send").HoverAsync();
        await page.Mouse.DownAsync();
        await Task.Delay(Press, TimeProvider.System);
        await page.Mouse.UpAsync();
    }

    /// <summary>When Send was clicked last, which is when the button was let go.</summary>
    public Task<double> ClickedAsync() => page.EvaluateAsync<double>("() => loadTool.clicks.at(-1)");

    /// <summary>How far the page's clock is ahead of this process's, in milliseconds, from the quickest of some questions.</summary>
    public Task<double> ClockAheadAsync(CancellationToken cancellationToken) =>
        Clock.AheadAsync(() => page.EvaluateAsync<double>("() => loadTool.now()"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    /// <summary>Epoch milliseconds with a fraction.</summary>
    internal sealed record Seen(double Dom, double Frame, double Painted);
}
