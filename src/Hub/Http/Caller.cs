using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

/// <summary>
/// Who asks: a program when it shows a key, else the operator of the cookie. A wrong key stays wrong, whatever cookie is beside it.
/// </summary>
public static class Caller
{
    public const string SchemeName = "Caller";

    internal static void Choose(PolicySchemeOptions options) => options.ForwardDefaultSelector = context =>
        context.Request.Headers.ContainsKey(ApiKey.Header) || IsPlainHealth(context.Request) ? ApiKey.SchemeName : IdentityConstants.ApplicationScheme;

    /// <summary>What limits are counted by; nothing for somebody who is not known.</summary>
    internal static string? NameOf(ClaimsPrincipal user) =>
        Policies.IsProgram(user) ? user.Identity!.Name
        : Policies.RoleOf(user) is null ? null
        : $"operator {Policies.IdOf(user)}";

    // Anyone gets it, and it answers while the database, which a cookie is checked against, does not.
    private static bool IsPlainHealth(HttpRequest request) => request.Path.Equals("/health", StringComparison.OrdinalIgnoreCase);
}
