using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace RealtimeWa;

/// <summary>The two small forms that stand on every page.</summary>
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
                context.Response.Cookies.Append(Theme.Cookie, theme!, new CookieOptions
                {
                    HttpOnly = true,
                    IsEssential = true,
                    MaxAge = TimeSpan.FromDays(365),
                    Path = "/",
                    SameSite = SameSiteMode.Lax,
                    Secure = addresses.IsTls,
                });
            }

            return Back.To(back);
        }).ExcludeFromDescription();
    }
}
