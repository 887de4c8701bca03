using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace RealtimeWa.Pages;

/// <summary>Every failure that a person sees: a sentence, and a reference that stands in the log beside the cause.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class ErrorModel : PageModel
{
    public string Key { get; private set; } = "error.general";

    public string? Reference { get; private set; }

    public void OnGet() => Read();

    public void OnPost() => Read();

    private void Read()
    {
        Key = Response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => "error.bad-request",
            StatusCodes.Status403Forbidden => "error.forbidden",
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status200OK => "error.not-found",
            StatusCodes.Status429TooManyRequests => "error.busy",
            StatusCodes.Status503ServiceUnavailable => "error.storage",
            _ => "error.general",
        };
        if (HttpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            Reference = HttpContext.TraceIdentifier;
        }

        if (Response.StatusCode == StatusCodes.Status200OK)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
