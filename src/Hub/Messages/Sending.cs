using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>What an operator sends: a row first; being durable, it rings the doorbells of browsers and workers.</summary>
internal sealed partial class Sending(OutboxStore outbox, ThreadStore threads, Permissions permissions)
{
    public async Task<SendResult> Send(ClaimsPrincipal user, SendRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Queue(user, request, cancellationToken);
        }
        catch (StorageRefusedException refused)
        {
            return new(Message: null, SendRefusal.NotStored, refused.Message);
        }
    }

    /// <summary>A program's message to a number. The caller has checked that the account may be used.</summary>
    public async Task<IResult> SendTo(HttpContext context, AccountView account, string? key, MessageRequest message)
    {
        if (key is null or { Length: 0 or > OutboxStore.LongestToken })
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest,
                "IDEMPOTENCY_KEY_NEEDED",
                $"Send a header {MessageRoutes.Key} of 1 to {OutboxStore.LongestToken} characters, new for every message, so that a repeated request is not a second message.");
        }

        if (PhoneOf(message.To) is not { } phone)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "INVALID_NUMBER", "Write the number in 'to' with its country code, for example +40712345678.");
        }

        // Once queued it must stay queued, also when the caller goes away in this moment.
        var queued = await outbox.EnqueueTo(account.Id, phone, key, message.Message ?? "", Policies.AuthorOf(context.User), CancellationToken.None);
        return queued.Message is { } view
            ? Results.Json(QueuedMessage.Of(view), statusCode: StatusCodes.Status202Accepted)
            : SendProblems.Of(queued, account, context.Request);
    }

    public async Task MarkRead(ClaimsPrincipal user, ThreadId thread, MessageId upTo, CancellationToken cancellationToken)
    {
        if (await permissions.Thread(user, thread, cancellationToken) is not null)
        {
            await threads.MarkRead(thread, upTo, cancellationToken);
        }
    }

    private async Task<SendResult> Queue(ClaimsPrincipal user, SendRequest request, CancellationToken cancellationToken)
    {
        if (await permissions.Thread(user, request.ThreadId, cancellationToken) is null)
        {
            return new(Message: null, SendRefusal.NotFound, "This conversation is no longer here. Reload the page.");
        }

        var queued = await outbox.Enqueue(request, Policies.AuthorOf(user), cancellationToken);
        return new(queued.Message, queued.Refusal, queued.Sentence);
    }

    // E.164: at most 15 digits; the shortest in use have 7. Written with what people put between them.
    private static string? PhoneOf(string? to)
    {
        var digits = to is not null && Number().IsMatch(to) ? string.Concat(to.Where(char.IsAsciiDigit)) : "";
        return digits.Length is >= 7 and <= 15 ? digits : null;
    }

    [GeneratedRegex(@"^\s*\+?[0-9 ().\-]{7,40}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
