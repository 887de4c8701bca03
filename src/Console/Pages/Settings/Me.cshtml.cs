using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace RealtimeWa.Pages;

/// <summary>A person's own password. The current one is asked for: an open browser is not its owner.</summary>
[Authorize(Policies.Employee)]
public sealed class MeModel(People people, OperatorStore operators, SignInManager<Operator> manager, IStringLocalizer<Texts> texts) : PageModel
{
    [BindProperty]
    public string? Current { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public IReadOnlyList<string> Failures { get; private set; } = [];

    public void OnGet()
    {
        // The form is all there is.
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var id = SignedIn.Read(User).Id;
        var me = await operators.Find(id, cancellationToken);
        var refusal = me is null || !(await manager.CheckPasswordSignInAsync(me, Current ?? "", lockoutOnFailure: true)).Succeeded
            ? "me.wrong"
            : await people.SetPasswordAsync(id, Password, cancellationToken);
        if (refusal is not null)
        {
            Failures = [texts[refusal, Passwords.MinimumLength]];
            return Page();
        }

        await manager.SignInAsync((await operators.Find(id, cancellationToken))!, isPersistent: true);
        return RedirectToPage(new { said = "said.own-password-set" });
    }
}
