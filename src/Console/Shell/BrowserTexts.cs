using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Localization;

namespace RealtimeWa;

/// <summary>The sentences that the live parts say, from the same resource file as the pages'.</summary>
public sealed class BrowserTexts(IStringLocalizer<Texts> texts)
{
    private static readonly string[] Nouns =
        ["account.", "accounts.count", "action.", "attempt.", "badge.", "bar.", "composer.", "detail.", "empty.", "gap.", "kind.", "message.", "messages.", "notice.", "overall.", "pairing.", "popover.", "reason.", "refusal.", "session.", "status.", "thread.", "threads.", "tick.", "time."];

    private readonly ConcurrentDictionary<string, string> byLanguage = new(StringComparer.Ordinal);

    /// <summary>In the language of the request.</summary>
    public string Json => byLanguage.GetOrAdd(CultureInfo.CurrentUICulture.Name, static (_, texts) => Write(texts), texts);

    private static string Write(IStringLocalizer<Texts> texts) => PageJson.Write(texts.GetAllStrings(includeParentCultures: true)
        .Where(text => Array.Exists(Nouns, noun => text.Name.StartsWith(noun, StringComparison.Ordinal)))
        .ToDictionary(text => text.Name, text => text.Value, StringComparer.Ordinal));
}
