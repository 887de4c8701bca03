using System.Globalization;
using System.Security.Claims;

namespace RealtimeWa;

/// <summary>The operator behind a request, as the cookie's claims have it.</summary>
public sealed record SignedIn(OperatorId Id, string Name, string Email, OperatorRole Role)
{
    public string Initials => RealtimeWa.Initials.Of(Name);

    /// <exception cref="InvalidOperationException">Nobody is signed in: the page forgot to ask for a role.</exception>
    public static SignedIn Read(ClaimsPrincipal principal) => new(
        new OperatorId(long.Parse(Claim(principal, ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture)),
        Claim(principal, ClaimTypes.Name),
        Claim(principal, ClaimTypes.Email),
        SnakeCase.ToValue<OperatorRole>(Claim(principal, ClaimTypes.Role)));

    public bool May(OperatorRole least) => Role >= least;

    private static string Claim(ClaimsPrincipal principal, string type) =>
        principal.FindFirstValue(type) ?? throw new InvalidOperationException($"The signed-in operator has no claim {type}.");
}
