using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace RealtimeWa.Pages;

/// <summary>Chat alone: what employees work in.</summary>
[Authorize(Policies.Employee)]
public sealed class ChatModel : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long? Thread { get; set; }

    public ThreadId? Open => Thread is > 0 ? new ThreadId(Thread.Value) : null;

    public void OnGet()
    {
        // The chat draws itself from the snapshot that the shell embeds.
    }
}
