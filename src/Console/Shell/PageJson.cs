using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace RealtimeWa;

/// <summary>JSON that stands inside a page: the encoder escapes &lt;, &gt; and &amp;, so no text can end its block.</summary>
public static class PageJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
