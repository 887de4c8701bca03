using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>Refusals of the HTTP API: RFC 9457 problem documents, each with a stable <c>code</c> and a sentence that says what to do.</summary>
public static class Problems
{
    /// <param name="more">Further members of the document.</param>
    public static IResult Of(int status, string code, string sentence, IEnumerable<KeyValuePair<string, object?>>? more = null) =>
        Results.Problem(detail: sentence, statusCode: status, extensions: new Dictionary<string, object?>(more ?? [], StringComparer.Ordinal) { ["code"] = code });

    /// <summary>For a status that was set without a word about it.</summary>
    public static IResult Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Of(status, "BAD_REQUEST", "The request can't be understood. Compare it with /openapi/v1.json."),
        StatusCodes.Status401Unauthorized => Of(status, "UNAUTHENTICATED", "Sign in, or show a key that is valid here."),
        StatusCodes.Status403Forbidden => Of(status, "FORBIDDEN", "This needs another role than yours."),
        StatusCodes.Status404NotFound => Of(status, "NOT_FOUND", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "METHOD_NOT_ALLOWED", "This address takes other methods. Compare the request with /openapi/v1.json."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "BODY_TOO_LARGE", $"A body may have {JsonBody.Largest} bytes. Send less."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "UNSUPPORTED_MEDIA_TYPE", "Send JSON in UTF-8 and say so: Content-Type: application/json."),
        StatusCodes.Status429TooManyRequests => Of(status, "RATE_LIMITED", "Too many requests. Wait as long as Retry-After says."),
        StatusCodes.Status503ServiceUnavailable => Of(status, "UNAVAILABLE", "This is not available right now. Try again in a moment."),
        >= StatusCodes.Status500InternalServerError => Of(status, "INTERNAL", "Something failed here and was written to the log."),
        _ => Of(status, "REFUSED", "The request was refused."),
    };

    internal static IResult NoSession() => Of(StatusCodes.Status404NotFound, "SESSION_NOT_FOUND", "There is no session of this name.");

    internal static IResult NotStored(string sentence) => Of(StatusCodes.Status503ServiceUnavailable, "STORAGE_REFUSED", sentence);
}
