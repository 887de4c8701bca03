using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace RealtimeWa.Browser;

/// <summary>
/// What a page asks of <c>/health</c> and <c>/health/deep</c>, stamped in the page by its own clock, which stands still between the steps
/// of a test. The answers are the server's but for its age.
/// </summary>
internal sealed class AskedHealth
{
    /// <summary>Everything that the page waits for is a multiple of it, so that each answer is there at the instant of its question.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    // An answer is handed on whole: what the page does with it is done a turn later.
    private const string Watch = """
        (() => {
          const ask = window.fetch;
          const open = new Set();
          const turn = () => new Promise((done) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = done;
            port2.postMessage(0);
          });
          window.asked = [];
          window.answered = async () => {
            do {
              await Promise.allSettled(open);
              await turn();
            } while (open.size > 0);
          };
          window.fetch = (...request) => {
            if (!String(request[0]).startsWith('/health')) return ask(...request);
            window.asked.push(`${request[0]} ${Date.now()}`);
            const answer = ask(...request).then(async (response) => {
              const body = await response.text();
              return { status: response.status, json: async () => JSON.parse(body) };
            }).finally(() => open.delete(answer));
            open.add(answer);
            return answer;
          };
        })();
        """;

    private readonly IPage page;
    private readonly TimeSpan ageAtFirst;
    private DateTime began;
    private TimeSpan passed;

    private AskedHealth(IPage page, TimeSpan ageAtFirst)
    {
        this.page = page;
        this.ageAtFirst = ageAtFirst;
    }

    public bool IsServerAway { get; set; }

    /// <summary>Opens the chat with a clock that stands.</summary>
    /// <param name="age">How long the server has been running then.</param>
    public static async Task<AskedHealth> OpenAsync(IPage page, TimeSpan age)
    {
        var asked = new AskedHealth(page, age);
        await page.AddInitScriptAsync(Watch);
        await page.RouteAsync(static url => new Uri(url).AbsolutePath is "/health" or "/health/deep", asked.AnswerAsync);
        asked.began = TimeProvider.System.GetUtcNow().UtcDateTime;
        await page.Clock.InstallAsync(new() { TimeDate = asked.began });
        await page.Clock.PauseAtAsync(asked.began.AddMinutes(1));
        await page.GotoAsync("/whatsapp/chat");
        await asked.IsAnsweredAsync();
        return asked;
    }

    public async Task PassAsync(TimeSpan time)
    {
        for (var end = passed + time; passed < end;)
        {
            passed += Step;
            await page.Clock.RunForAsync((long)Step.TotalMilliseconds);
            await IsAnsweredAsync();
        }
    }

    /// <summary>Somebody opens the window, or lets it go behind others.</summary>
    public async Task ShowAsync(bool isHidden)
    {
        await page.EvaluateAsync(
            """
            (hidden) => {
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
              Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
              document.dispatchEvent(new Event('visibilitychange'));
            }
            """,
            isHidden);
        await IsAnsweredAsync();
    }

    public async Task FocusAsync()
    {
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('focus'))");
        await IsAnsweredAsync();
    }

    /// <summary>The seconds since the page was opened at which that path was asked.</summary>
    public async Task<IReadOnlyList<double>> AtAsync(string path)
    {
        var asked = (await page.EvaluateAsync<string[]>("() => window.asked")).Select(line => line.Split(' ')).ToList();
        var first = long.Parse(asked[0][1], CultureInfo.InvariantCulture);
        return [.. asked.Where(line => string.Equals(line[0], path, StringComparison.Ordinal)).Select(line => (long.Parse(line[1], CultureInfo.InvariantCulture) - first) / 1000.0)];
    }

    private async Task IsAnsweredAsync() => await page.EvaluateAsync("() => window.answered()");

    private async Task AnswerAsync(IRoute route)
    {
        if (IsServerAway)
        {
            await route.AbortAsync();
            return;
        }

        var answer = await route.FetchAsync();
        var health = JsonNode.Parse(await answer.TextAsync())!;
        health["uptime"]!.ReplaceWith((long)(ageAtFirst + passed).TotalSeconds);
        await route.FulfillAsync(new() { Response = answer, Body = health.ToJsonString() });
    }
}
