using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace RealtimeWa;

/// <summary>The policies, named by the least role that they ask for; a higher role includes the lower ones.</summary>
public static class Policies
{
    public const string Employee = nameof(OperatorRole.Employee);

    public const string Manager = nameof(OperatorRole.Manager);

    public const string Admin = nameof(OperatorRole.Admin);

    /// <summary>For workers on other hosts: their token, never an operator's cookie.</summary>
    public const string Worker = nameof(Worker);

    /// <summary>For whoever runs the gateway's admin API: its token.</summary>
    public const string Gateway = nameof(Gateway);

    /// <summary>A program with an API key, or an operator of at least this role.</summary>
    public static string ProgramOr(OperatorRole least) => $"ProgramOr{least}";

    public static void Add(AuthorizationOptions options)
    {
        foreach (var least in Enum.GetValues<OperatorRole>())
        {
            options.AddPolicy(least.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(context => RoleOf(context.User) >= least));
            options.AddPolicy(
                ProgramOr(least),
                policy => policy.RequireAuthenticatedUser().RequireAssertion(context => IsProgram(context.User) || RoleOf(context.User) >= least));
        }

        options.AddPolicy(
            Worker, policy => policy.AddAuthenticationSchemes(WorkerToken.SchemeName).RequireAuthenticatedUser().RequireRole(WorkerToken.Role));
        options.AddPolicy(
            Gateway, policy => policy.AddAuthenticationSchemes(GatewayToken.SchemeName).RequireAuthenticatedUser().RequireRole(GatewayToken.Role));
    }

    /// <summary>Nothing for a principal that is no operator.</summary>
    public static OperatorRole? RoleOf(ClaimsPrincipal user)
    {
        var name = user.FindFirstValue(ClaimTypes.Role);
        return Enum.GetValues<OperatorRole>().Where(role => string.Equals(SnakeCase.ToName(role), name, StringComparison.Ordinal))
            .Select(role => (OperatorRole?)role).FirstOrDefault();
    }

    public static bool IsProgram(ClaimsPrincipal user) => user.HasClaim(ClaimTypes.Role, ApiKey.Role) || user.HasClaim(ClaimTypes.Role, GatewayToken.Role);

    /// <summary>Who wrote a message; nothing for a program.</summary>
    public static OperatorId? AuthorOf(ClaimsPrincipal user) => IsProgram(user) ? null : IdOf(user);

    public static OperatorId IdOf(ClaimsPrincipal user) =>
        new(long.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "0", CultureInfo.InvariantCulture));
}
