using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>A program shows one of <c>Api:Keys</c> in the header <c>x-api-key</c>.</summary>
internal sealed class ApiKey(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, IOptions<ApiOptions> options)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    public const string Header = "x-api-key";

    public const string Role = "program";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Headers.TryGetValue(Header, out var shown))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Every key is compared, also after one fits: the time says nothing about which.
        var fits = 0;
        for (var number = 1; number <= options.Value.Keys.Count; number++)
        {
            if (SharedSecret.IsSame(shown.ToString(), options.Value.Keys[number - 1]))
            {
                fits = number;
            }
        }

        return Task.FromResult(fits > 0
            ? AuthenticateResult.Success(new AuthenticationTicket(Principal(fits), SchemeName))
            : AuthenticateResult.Fail("The key is not one of Api:Keys."));
    }

    private static ClaimsPrincipal Principal(int number) => new(new ClaimsIdentity(
        [new(ClaimTypes.Role, Role), new(ClaimTypes.Name, string.Create(CultureInfo.InvariantCulture, $"key {number}"))], SchemeName));
}
