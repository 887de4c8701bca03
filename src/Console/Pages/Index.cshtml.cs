using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace RealtimeWa.Pages;

/// <summary>The start is the page that a person's role works in; for an admin without a number, the page that adds one.</summary>
[Authorize(Policies.Employee)]
public sealed class IndexModel(AccountStore accounts) : PageModel
{
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var me = SignedIn.Read(User);
        if (me.May(OperatorRole.Admin) && (await accounts.List(cancellationToken)).Count == 0)
        {
            return LocalRedirect("/accounts-management");
        }

        return LocalRedirect(me.May(OperatorRole.Manager) ? "/chat-clienti" : "/whatsapp/chat");
    }
}
