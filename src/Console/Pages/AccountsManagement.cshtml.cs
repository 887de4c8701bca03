using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace RealtimeWa.Pages;

/// <summary>The numbers alone.</summary>
[Authorize(Policies.Admin)]
public sealed class AccountsManagementModel(AccountPageReader reader) : PageModel
{
    public AccountPage Accounts { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellationToken) => Accounts = await reader.ReadAsync(Request, User, cancellationToken);
}
