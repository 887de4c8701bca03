using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace RealtimeWa.Pages;

[Authorize(Policies.Admin)]
public sealed class PeopleModel(People people, OperatorStore operators, TimeProvider clock, IStringLocalizer<Texts> texts) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Role { get; set; }

    [BindProperty]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public IReadOnlyList<Operator> Everybody { get; private set; } = [];

    public IReadOnlyList<string> Failures { get; private set; } = [];

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public SignedIn Me => SignedIn.Read(User);

    public async Task OnGetAsync(CancellationToken cancellationToken) => Everybody = await operators.List(cancellationToken);

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            ReadRole() is { } role ? await people.AddAsync(Email, Name, Password, role, cancellationToken) : "person.bad-role",
            "said.person-added",
            cancellationToken);

    public async Task<IActionResult> OnPostRoleAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(
            ReadRole() is { } role ? await people.SetRoleAsync(new(Id), role, cancellationToken) : "person.bad-role",
            "said.role-set",
            cancellationToken);

    public async Task<IActionResult> OnPostPasswordAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(await people.SetPasswordAsync(new(Id), Password, cancellationToken), "said.password-set", cancellationToken);

    public async Task<IActionResult> OnPostRemoveAsync(CancellationToken cancellationToken) =>
        await AnswerAsync(await people.RemoveAsync(new(Id), Me.Id, cancellationToken), "said.person-removed", cancellationToken);

    private OperatorRole? ReadRole() => Enum.GetValues<OperatorRole>().Cast<OperatorRole?>().FirstOrDefault(role => string.Equals(SnakeCase.ToName(role!.Value), Role, StringComparison.Ordinal));

    private async Task<IActionResult> AnswerAsync(string? refusal, string said, CancellationToken cancellationToken)
    {
        if (refusal is null)
        {
            return RedirectToPage(new { said });
        }

        Failures = [texts[refusal, Passwords.MinimumLength]];
        Everybody = await operators.List(cancellationToken);
        return Page();
    }
}
