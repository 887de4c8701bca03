using Microsoft.Playwright;
using RealtimeWa.Browser;
using RealtimeWa.Processes;
using RealtimeWa.Shop;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>A conversation that goes on while somebody reads it: what moves on the screen, what stays, and what is told of the reading.</summary>
public sealed class ChatTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_composer_is_ready_for_the_next_text_when_one_was_sent()
    {
        await using var shop = await OpenShop.OpenAsync();
        var (_, ana) = await TalkAsync(shop, messages: 3);

        foreach (var text in new[] { "Yes, from ten to four.", "On Saturdays too." })
        {
            await ana.Keyboard.TypeAsync(text);
            await ana.GetByTestId("send").ClickAsync();
            await ana.SeesAsync(text);
            await Expect(ana.GetByTestId("composer")).ToHaveValueAsync("");
            await Expect(ana.GetByTestId("composer")).ToBeFocusedAsync();
            await Expect(ana.GetByTestId("send")).ToBeDisabledAsync();
        }

        await Expect(ana.GetByTestId("message").Nth(3)).ToContainTextAsync("Yes, from ten to four.");
        await Expect(ana.GetByTestId("message").Nth(4)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_message_more_than_a_page_moves_no_other()
    {
        await using var shop = await OpenShop.OpenAsync();
        var (desk, ana) = await TalkAsync(shop, messages: 50);
        await ana.EvaluateAsync(
            """
            () => {
              window.moves = [];
              const name = (node) => node.querySelector?.('.text')?.textContent ?? node.nodeName;
              new MutationObserver((records) => {
                for (const { target, type, attributeName, addedNodes, removedNodes } of records) {
                  const whose = target.closest('.message');
                  if (whose) window.moves.push(`${name(whose)}: ${attributeName ?? type}`);
                  for (const node of removedNodes) if (!whose) window.moves.push(`- ${name(node)}`);
                  for (const node of addedNodes) if (!whose) window.moves.push(`+ ${name(node)}`);
                }
              }).observe(document.querySelector('.messages'), { subtree: true, childList: true, attributes: true, characterData: true });
            }
            """);

        await shop.SaysAsync(desk, "Maya", "M51", "Message 51.", at: 51_000);
        await ana.SeesAsync("Message 51.");

        var moves = await ana.EvaluateAsync<string[]>("() => window.moves");
        // The second is the first now and says which day it is.
        Assert.Equal(["+ Message 2.", "+ Message 51.", "- Message 1.", "- Message 2."], moves.Order(StringComparer.Ordinal));
        await Expect(ana.GetByTestId("message")).ToHaveCountAsync(50);
        await Expect(ana.GetByTestId("message").First.Locator(".day")).ToHaveCountAsync(1);
        await Expect(ana.Message("Message 51.")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Older_messages_come_in_above_what_somebody_reads()
    {
        await using var shop = await OpenShop.OpenAsync();
        var (_, ana) = await TalkAsync(shop, messages: 120);

        foreach (var count in new[] { 100, 120 })
        {
            var place = await ana.EvaluateAsync<float>(
                """
                () => {
                  const scroller = document.querySelector('.messages-scroll');
                  scroller.scrollTop = 300;
                  window.read = [...document.querySelectorAll('.message')].find((item) => item.getBoundingClientRect().top > scroller.getBoundingClientRect().top);
                  return window.read.getBoundingClientRect().top;
                }
                """);
            await Expect(ana.GetByTestId("message")).ToHaveCountAsync(count, new() { Timeout = 60_000 });

            Assert.Equal(place, await ana.EvaluateAsync<float>("() => window.read.getBoundingClientRect().top"), tolerance: 1f);
        }

        await Expect(ana.GetByTestId("message").First).ToContainTextAsync("Message 1.");
    }

    [Fact]
    public async Task Reading_is_told_at_most_once_a_second_and_what_is_read_never_waits()
    {
        await using var shop = await OpenShop.OpenAsync();
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        await shop.SaysAsync(desk, "Maya", "M0", "Are you open on Sunday?", at: 1_000);
        var ana = await shop.AnaAsync(chromium);
        // Stamped where it leaves, and looked at before each frame is painted.
        await ana.AddInitScriptAsync(
            """
            window.told = [];
            window.waited = [];
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (frame) {
              if (String(frame).includes('"markRead"')) window.told.push(performance.now());
              return send.call(this, frame);
            };
            window.watch = () => {
              if (document.querySelector('[data-unread], .thread .count') || /^\(\d/.test(document.title)) window.waited.push(document.title);
              requestAnimationFrame(window.watch);
            };
            """);
        await ana.OpenChatAsync();
        await ana.OpenThreadAsync("Maya");
        await Expect(ana.Locator("[data-testid=thread][data-unread]")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await ana.EvaluateAsync("() => window.watch()");

        for (var number = 1; number <= 60; number++)
        {
            await shop.SaysAsync(desk, "Maya", $"M{number}", $"And number {number}?", at: 1_000 + number);
        }

        await ana.SeesAsync("And number 60?");
        await Eventually.Async(
            () => shop.Get<ThreadStore>().Page(long.MaxValue, new(long.MaxValue), 1, Ends), threads => threads[0].Unread == 0, "the last was told as read too", Ends);
        var told = await ana.EvaluateAsync<double[]>("() => window.told");
        Assert.True(told.Length >= 2, "The first was told, and the last.");
        // A timer of Chromium may be a part of a millisecond early.
        Assert.All(told.Zip(told.Skip(1), (before, after) => after - before), static pause => Assert.True(pause >= 999, $"{pause} ms between two marks"));
        Assert.Empty(await ana.EvaluateAsync<string[]>("() => window.waited"));
    }

    [Fact]
    public async Task A_thread_with_a_mark_takes_no_more_room_than_one_without()
    {
        await using var shop = await OpenShop.OpenAsync();
        var (desk, ana) = await TalkAsync(shop, messages: 1);

        await shop.SaysAsync(desk, "Tom", "T1", "Are you open on Sunday?", at: 2_000);
        await Expect(ana.Locator("[data-testid=thread][data-unread]")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Expect(ana.Locator(".thread .count")).ToBeVisibleAsync();

        var heights = await ana.EvaluateAsync<float[]>("() => [...document.querySelectorAll('.thread')].map((row) => row.getBoundingClientRect().height)");
        Assert.Equal(2, heights.Length);
        Assert.Equal(heights[0], heights[1]);
    }

    /// <summary>Maya has written so many, and Ana has them open; each has its number.</summary>
    private async Task<(Fence Desk, IPage Ana)> TalkAsync(OpenShop shop, int messages)
    {
        var desk = await shop.LinkedAsync("Front desk", "447700900101");
        await shop.HappensAsync(desk, [.. Enumerable.Range(1, messages).Select(number => OpenShop.Said("Maya", $"M{number}", $"Message {number}.", number * 1_000))]);
        var ana = await shop.AnaAsync(chromium);
        await ana.OpenChatAsync();
        await ana.OpenThreadAsync("Maya");
        await ana.SeesAsync($"Message {messages}.");
        await Expect(ana.Locator("[data-testid=thread][data-unread]")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        return (desk, ana);
    }
}
