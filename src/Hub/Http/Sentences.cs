using System.Globalization;
using System.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RealtimeWa;

/// <summary>The sentences that the HTTP API says to customers of its callers, in their language: <c>Resources/Sentences*.resx</c>.</summary>
internal static class Sentences
{
    private static readonly ResourceManager Texts = new("RealtimeWa.Resources.Sentences", typeof(Sentences).Assembly);

    private static readonly CultureInfo[] Languages = [CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("es"), CultureInfo.GetCultureInfo("ro")];

    /// <summary>Why nothing can be sent while a session is in this status.</summary>
    public static string NotConnected(SessionStatus status, string? lastError, CultureInfo language)
    {
        var text = Texts.GetString($"send.{SnakeCase.ToName(status)}", language) ?? throw new ArgumentOutOfRangeException(nameof(status));
        return string.Format(language, text, lastError).TrimEnd();
    }

    /// <summary>The language that the request likes best of those that we speak; English otherwise.</summary>
    public static CultureInfo LanguageOf(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)
            ? wanted.Where(entry => entry.Quality is not 0).OrderByDescending(entry => entry.Quality ?? 1).Select(entry => Spoken(entry.Value.ToString())).OfType<CultureInfo>().FirstOrDefault() ?? Languages[0]
            : Languages[0];

    private static CultureInfo? Spoken(string tag) =>
        Array.Find(Languages, language => tag.Split('-')[0].Equals(language.Name, StringComparison.OrdinalIgnoreCase));
}
