using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

public sealed class AccountPageReader(AccountStore accounts, IOptions<AccountLimits> limits, ITempDataDictionaryFactory kept, TimeProvider clock)
{
    public async Task<AccountPage> ReadAsync(HttpRequest request, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var pairing = long.TryParse(request.Query["pair"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new AccountId(id) : (AccountId?)null;
        var here = request.Path.StartsWithSegments("/chat-clienti", StringComparison.OrdinalIgnoreCase) ? "/chat-clienti?tab=accounts" : "/accounts-management";
        return new AccountPage(
            await accounts.List(cancellationToken),
            SignedIn.Read(user).Role,
            limits.Value.Max,
            pairing,
            here,
            clock.GetUtcNow().ToUnixTimeMilliseconds(),
            request.Query["said"],
            kept.GetTempData(request.HttpContext)[AccountForms.Refused] as string);
    }
}
