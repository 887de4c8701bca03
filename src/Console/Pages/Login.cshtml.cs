using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace RealtimeWa.Pages;

[AllowAnonymous]
[SignInLimit]
public sealed class LoginModel(SignIn signIn, FirstRun firstRun, IStringLocalizer<Texts> texts) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Failure { get; private set; }

    public bool NeedsFirstRun { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        NeedsFirstRun = await firstRun.IsOpenAsync(cancellationToken);
        return User.Identity?.IsAuthenticated is true ? Onward() : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await signIn.TryAsync(Email, Password, cancellationToken))
        {
            return Onward();
        }

        Failure = texts["login.failed"];
        NeedsFirstRun = await firstRun.IsOpenAsync(cancellationToken);
        return Page();
    }

    private LocalRedirectResult Onward() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
}
