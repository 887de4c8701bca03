using System.Text.Json;
using Microsoft.Playwright;

namespace RealtimeWa.Browser;

/// <summary>The rules of WCAG 2.2 A and AA as far as a program can check them.</summary>
internal static class Axe
{
    private const string Run = """
        async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
          return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
        }
        """;

    /// <summary>What is wrong with the page as it is shown now, one sentence each.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.AddScriptTagAsync(new() { Path = Path.Combine(Repository.Root, "tests", "RealtimeWa.Browser.Tests", "axe", "node_modules", "axe-core", "axe.min.js") });
        }

        var found = await page.EvaluateAsync<JsonElement>(Run);
        return [.. found.EnumerateArray().Select(violation => violation.GetString()!)];
    }
}
