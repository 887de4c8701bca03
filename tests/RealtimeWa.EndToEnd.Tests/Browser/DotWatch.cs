using System.Text.Json;
using Microsoft.Playwright;
using RealtimeWa.Processes;

namespace RealtimeWa.Browser;

/// <summary>One change of the header's dot, stamped in the page; this machine's processes and its browser share one clock.</summary>
internal sealed record DotChange(long At, string Overall, string Fault);

/// <summary>Writes down every change of the header's dot from now on, however short: what asks now and then would miss a red.</summary>
internal sealed class DotWatch
{
    // Changes of one task come together: each record tells what was before it, so the next one tells what it led to.
    private const string Begins = """
        () => {
          const dot = document.querySelector('[data-testid=status-dot]');
          window.dots = [];
          new MutationObserver(records => records.forEach((_, i) => window.dots.push({
            at: Date.now(),
            overall: records[i + 1]?.oldValue ?? dot.dataset.overall,
            fault: dot.dataset.fault,
          }))).observe(dot, { attributeFilter: ['data-overall'], attributeOldValue: true });
        }
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly IPage page;

    private DotWatch(IPage page) => this.page = page;

    /// <summary>Begins when the dot is green.</summary>
    public static async Task<DotWatch> BeginAsync(IPage page)
    {
        await page.WaitForSelectorAsync("[data-testid=status-dot][data-overall=ok]");
        await page.EvaluateAsync(Begins);
        return new DotWatch(page);
    }

    /// <summary>The first time that the dot is so, at or after a moment.</summary>
    public async Task<DotChange> TurnsAsync(string overall, long after, CancellationToken cancellationToken) =>
        (await Eventually.Async(
            async () => (await ChangesAsync()).FirstOrDefault(change => change.At >= after && string.Equals(change.Overall, overall, StringComparison.Ordinal)),
            change => change is not null,
            $"the dot is {overall}",
            cancellationToken))!;

    /// <summary>All that was written down, for the message of a test that fails.</summary>
    public async Task<IReadOnlyList<DotChange>> ChangesAsync() =>
        JsonSerializer.Deserialize<IReadOnlyList<DotChange>>(await page.EvaluateAsync<string>("() => JSON.stringify(window.dots)"), Json)!;
}
