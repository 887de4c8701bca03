using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace RealtimeWa;

/// <summary>The language that pages speak: what the person chose, else the first one of the browser's wishes that there is, else English.</summary>
public static class Language
{
    public const string Cookie = "language";

    /// <summary>Each under its own name, so that who can't read the page finds the own one.</summary>
    public static IReadOnlyList<(string Code, string Name)> All { get; } = [("en", "English"), ("ro", "Română"), ("es", "Español")];

    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    public static void Configure(RequestLocalizationOptions options)
    {
        var codes = All.Select(language => language.Code).ToArray();
        options.SetDefaultCulture(codes[0]).AddSupportedCultures(codes).AddSupportedUICultures(codes);
        options.ApplyCurrentCultureToResponseHeaders = true;
        options.RequestCultureProviders = [new CustomRequestCultureProvider(Chosen), new AcceptLanguageHeaderRequestCultureProvider()];
    }

    private static Task<ProviderCultureResult?> Chosen(HttpContext context) =>
        Task.FromResult(context.Request.Cookies[Cookie] is { } code && Has(code) ? new ProviderCultureResult(code) : null);

    public static bool Has(string? code) => All.Any(language => string.Equals(language.Code, code, StringComparison.Ordinal));
}
