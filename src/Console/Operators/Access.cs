using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace RealtimeWa;

/// <summary>The policies, named by the least role that they ask for.</summary>
public static class Access
{
    public const string Employee = nameof(OperatorRole.Employee);

    public const string Manager = nameof(OperatorRole.Manager);

    public const string Admin = nameof(OperatorRole.Admin);

    public static void Add(AuthorizationOptions options)
    {
        foreach (var least in Enum.GetValues<OperatorRole>())
        {
            options.AddPolicy(least.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Role(context.User) >= least));
        }

        // Whatever forgets to say who may see it is for people who are signed in.
        options.FallbackPolicy = options.GetPolicy(Employee);
    }

    private static OperatorRole? Role(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.Role) is { } name ? SnakeCase.ToValue<OperatorRole>(name) : null;
}
