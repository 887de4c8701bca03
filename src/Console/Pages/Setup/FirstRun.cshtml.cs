using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace RealtimeWa.Pages;

/// <summary>Makes the first admin. Without the right token, and once there is somebody, it is not there.</summary>
[AllowAnonymous]
[SignInLimit]
public sealed class FirstRunModel(FirstRun firstRun, People people, SignIn signIn, IStringLocalizer<Texts> texts) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public IReadOnlyList<string> Failures { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await IsHereAsync(cancellationToken) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!await IsHereAsync(cancellationToken))
        {
            return NotFound();
        }

        if (await people.AddFirstAsync(Email, Name, Password, cancellationToken) is { } refusal)
        {
            Failures = [texts[refusal, Passwords.MinimumLength]];
            return Page();
        }

        await signIn.TryAsync(Email?.Trim(), Password, cancellationToken);
        return LocalRedirect("/");
    }

    private async Task<bool> IsHereAsync(CancellationToken cancellationToken) => firstRun.Fits(Token) && await firstRun.IsOpenAsync(cancellationToken);
}
