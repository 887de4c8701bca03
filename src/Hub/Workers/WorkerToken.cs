using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>
/// Workers on other hosts show <c>Workers:Token</c> as a bearer token. Without one in the configuration nobody gets in this way.
/// </summary>
internal sealed class WorkerToken(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IConfiguration configuration)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "WorkerToken";

    public const string Role = "worker";

    private const string Prefix = "Bearer ";

    public static ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity([new(ClaimTypes.Role, Role)], SchemeName));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var expected = configuration["Workers:Token"];
        return Task.FromResult(!string.IsNullOrEmpty(expected) && SharedSecret.IsSame(header[Prefix.Length..], expected)
            ? AuthenticateResult.Success(new AuthenticationTicket(Principal, SchemeName))
            : AuthenticateResult.Fail("The worker's token is not the one in Workers:Token."));
    }
}
