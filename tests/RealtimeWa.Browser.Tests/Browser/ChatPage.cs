using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa.Browser;

/// <summary>What an operator sees and does in the chat, by the design's test hooks.</summary>
internal static class ChatPage
{
    public static async Task OpenChatAsync(this IPage page, string path = "/whatsapp/chat")
    {
        await page.GotoAsync(path);
        await page.IsLiveAsync();
    }

    public static Task IsLiveAsync(this IPage page) => Expect(page.Locator("html")).ToHaveAttributeAsync("data-live", "on", new() { Timeout = 60_000 });

    public static ILocator Thread(this IPage page, string name) => page.GetByTestId("thread").Filter(new() { HasText = name });

    public static ILocator Message(this IPage page, string text) => page.GetByTestId("message").Filter(new() { HasText = text });

    public static async Task OpenThreadAsync(this IPage page, string name)
    {
        await page.Thread(name).First.ClickAsync();
        await Expect(page.GetByTestId("composer")).ToBeVisibleAsync();
    }

    public static Task SeesAsync(this IPage page, string text) => Expect(page.Message(text)).ToHaveCountAsync(1, new() { Timeout = 60_000 });
}
