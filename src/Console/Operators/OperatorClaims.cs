using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

/// <summary>What the cookie says about an operator.</summary>
public sealed class OperatorClaims : IUserClaimsPrincipalFactory<Operator>
{
    public const string Stamp = "stamp";

    public Task<ClaimsPrincipal> CreateAsync(Operator user) => Task.FromResult(Create(user));

    public static ClaimsPrincipal Create(Operator user) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString()),
            new(ClaimTypes.Name, user.Name),
            new(ClaimTypes.Email, user.Email),
            new(ClaimTypes.Role, SnakeCase.ToName(user.Role)),
            new(Stamp, user.SecurityStamp),
        ],
        IdentityConstants.ApplicationScheme));
}
