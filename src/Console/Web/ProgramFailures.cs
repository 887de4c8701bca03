using Microsoft.AspNetCore.Diagnostics;

namespace RealtimeWa;

/// <summary>A surprise inside an API becomes a problem document with a stable code; what happened stands in the log alone.</summary>
public sealed class ProgramFailures(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Paths.IsPage(httpContext))
        {
            return false;
        }

        var refused = exception as StorageRefusedException;
        httpContext.Response.StatusCode = refused is null ? StatusCodes.Status500InternalServerError : StatusCodes.Status503ServiceUnavailable;
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails =
            {
                Status = httpContext.Response.StatusCode,
                Title = refused is null ? "Something failed here and was written to the log." : "The database refused.",
                Detail = refused?.Message,
                Extensions = { ["code"] = refused is null ? "INTERNAL" : "STORAGE_REFUSED", ["reference"] = httpContext.TraceIdentifier },
            },
        });
        return true;
    }
}
