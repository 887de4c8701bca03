using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>Why a program's message was not queued, as a problem document.</summary>
internal static class SendProblems
{
    public static IResult Of(Enqueued refused, AccountView account, HttpRequest request) => refused.Refusal switch
    {
        SendRefusal.NotFound => Problems.NoSession(),
        SendRefusal.Empty => Problems.Of(StatusCodes.Status400BadRequest, "EMPTY_MESSAGE", "There is nothing to send. Write a message."),
        SendRefusal.TooLong => Problems.Of(StatusCodes.Status422UnprocessableEntity, "MESSAGE_TOO_LONG", refused.Sentence!),
        SendRefusal.NotConnected => NotConnected(refused.Status ?? account.Session.Status, account.Session.LastError, request),
        SendRefusal.TokenTaken => Problems.Of(StatusCodes.Status422UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED", refused.Sentence!),
        _ => Problems.NotStored(refused.Sentence ?? ""),
    };

    private static IResult NotConnected(SessionStatus status, string? lastError, HttpRequest request)
    {
        var language = Sentences.LanguageOf(request);
        request.HttpContext.Response.Headers.ContentLanguage = language.Name;
        return Problems.Of(
            StatusCodes.Status409Conflict,
            "SESSION_NOT_READY",
            Sentences.NotConnected(status, lastError, language),
            [new("session_status", SnakeCase.ToName(status)), new("last_error_message", lastError)]);
    }
}
