using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The gateway's admin API takes <c>Gateway:AdminToken</c> as a bearer token. Without one in the configuration nobody gets in.</summary>
internal sealed class GatewayToken(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, IOptions<GatewayOptions> options)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "GatewayToken";

    public const string Role = "gateway";

    private const string Prefix = "Bearer ";

    private static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity([new(ClaimTypes.Role, Role), new(ClaimTypes.Name, Role)], SchemeName));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(options.Value.AdminToken is { Length: > 0 } expected && SharedSecret.IsSame(header[Prefix.Length..], expected)
            ? AuthenticateResult.Success(new AuthenticationTicket(Principal, SchemeName))
            : AuthenticateResult.Fail("The token is not the one in Gateway:AdminToken."));
    }
}
