using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace RealtimeWa.Pages;

/// <summary>Chat and accounts as two tabs: for those who also pair, reconnect and stop numbers.</summary>
[Authorize(Policies.Manager)]
public sealed class ChatClientiModel(AccountPageReader reader) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long? Thread { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Tab { get; set; }

    public bool ShowsAccounts => string.Equals(Tab, "accounts", StringComparison.Ordinal);

    public ThreadId? Open => !ShowsAccounts && Thread is > 0 ? new ThreadId(Thread.Value) : null;

    public AccountPage? Accounts { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (ShowsAccounts)
        {
            Accounts = await reader.ReadAsync(Request, User, cancellationToken);
        }
    }
}
