using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace RealtimeWa;

/// <summary>The small forms that stand on every page.</summary>
public static class OperatorForms
{
    public static void MapOperatorForms(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/logout", async (HttpContext context, [FromForm(Name = "back")] string? _) =>
        {
            await context.SignOutAsync(IdentityConstants.ApplicationScheme);
            return Results.LocalRedirect("/login");
        }).ExcludeFromDescription();

        routes.MapPost("/theme", (HttpContext context, ListenAddresses addresses, [FromForm] string? theme, [FromForm] string? back) =>
        {
            if (Theme.All.Contains(theme, StringComparer.Ordinal))
            {
                Keep(context, Theme.Cookie, theme!, addresses.IsTls);
            }

            return Back.To(back);
        }).ExcludeFromDescription();

        // Also for who has not signed in: the sign-in page speaks it, too.
        routes.MapPost("/language", (HttpContext context, ListenAddresses addresses, [FromForm] string? language, [FromForm] string? back) =>
        {
            if (Language.Has(language))
            {
                Keep(context, Language.Cookie, language!, addresses.IsTls);
            }

            return Back.To(back);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static void Keep(HttpContext context, string cookie, string value, bool isTls) =>
        context.Response.Cookies.Append(cookie, value, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = isTls,
        });
}
