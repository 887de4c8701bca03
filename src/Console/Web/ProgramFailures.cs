using Microsoft.AspNetCore.Diagnostics;

namespace RealtimeWa;

/// <summary>A surprise inside an API becomes a problem document with a stable code; what happened stands in the log alone.</summary>
public sealed class ProgramFailures : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path is that of the error page by now.
        if (!Paths.IsForPrograms(httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path))
        {
            return false;
        }

        var refused = exception as StorageRefusedException;
        await (refused is null
            ? Problems.Of(StatusCodes.Status500InternalServerError, "INTERNAL", "Something failed here and was written to the log.", [new("reference", httpContext.TraceIdentifier)])
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, "STORAGE_REFUSED", refused.Message)).ExecuteAsync(httpContext);
        return true;
    }
}
