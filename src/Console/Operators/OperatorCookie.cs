using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

/// <summary>
/// The cookie is checked against the operator's row at every request: who was removed or got a new password is out at once, and a new
/// role counts at once.
/// </summary>
public sealed class OperatorCookie(OperatorStore operators, TimeProvider clock) : CookieAuthenticationEvents
{
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var cancellationToken = context.HttpContext.RequestAborted;
        var user = await operators.FindByIdAsync(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", cancellationToken);
        if (user is null || !string.Equals(user.SecurityStamp, context.Principal?.FindFirstValue(OperatorClaims.Stamp), StringComparison.Ordinal))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        context.ReplacePrincipal(OperatorClaims.Create(user));
        if (user.LastSeenAt is not { } seen || clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(seen) > SeenEvery)
        {
            await operators.Seen(user.Id, cancellationToken);
        }
    }

    /// <summary>A program gets the status; a person gets the page.</summary>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) =>
        Answer(context, StatusCodes.Status401Unauthorized, base.RedirectToLogin);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static Task Answer(
        RedirectContext<CookieAuthenticationOptions> context, int status, Func<RedirectContext<CookieAuthenticationOptions>, Task> redirect)
    {
        if (Paths.IsPage(context.HttpContext))
        {
            return redirect(context);
        }

        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
