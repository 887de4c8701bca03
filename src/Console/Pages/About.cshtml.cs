using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace RealtimeWa.Pages;

/// <summary>The tool's own insides: what it is, what it runs on, what is in it, who holds what.</summary>
[Authorize(Policies.Admin)]
public sealed class AboutModel(AboutReader reader) : PageModel
{
    public AboutPage About { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellationToken) => About = await reader.ReadAsync(cancellationToken);
}
