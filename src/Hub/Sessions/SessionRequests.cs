using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>What programs ask of sessions, as the session-manager contract has it.</summary>
internal sealed class SessionRequests(Permissions permissions, SessionStore sessions, QrRequests codes, AccountActions actions)
{
    public async Task<IResult> Get(ClaimsPrincipal user, string instanceId, CancellationToken cancellationToken) =>
        await permissions.Session(user, instanceId, cancellationToken) is { } account
            ? Results.Json(ContractSession.Of(account, Permissions.MayPair(user) ? await sessions.Qr(account.Id, cancellationToken) : null))
            : Problems.NoSession();

    public async Task<IResult> Qr(ClaimsPrincipal user, string instanceId, CancellationToken cancellationToken)
    {
        if (await permissions.Session(user, instanceId, cancellationToken) is not { } account)
        {
            return Problems.NoSession();
        }

        var answer = await codes.Ask(user, account.Id, cancellationToken);
        return answer.Qr is { Qr: { } code } qr
            ? Results.Json(new ContractQr(account.InstanceId, SessionStatus.QrRequired, QrStatus.Generated, code, Instant.Of(qr.ExpiresAt)))
            : Refused(answer, account);
    }

    /// <summary>The same for the page of a client: each status has its one answer, and nothing is guessed.</summary>
    public async Task<IResult> ClientQr(ClaimsPrincipal user, string instanceId, CancellationToken cancellationToken)
    {
        if (await permissions.Session(user, instanceId, cancellationToken) is not { } account)
        {
            return Problems.NoSession();
        }

        switch (account.Session.Status)
        {
            case SessionStatus.Connected:
                return AlreadyConnected();
            case SessionStatus.Connecting:
                return Results.Json(new ClientQr(Ok: true, Status: SessionStatus.Connecting));
            case SessionStatus.Error:
                return Problems.Of(
                    StatusCodes.Status500InternalServerError,
                    "SESSION_ERROR",
                    account.Session.LastError ?? "This number needs attention. Look at the accounts page.",
                    [new("last_error_message", account.Session.LastError)]);
            default:
                var answer = await codes.Ask(user, account.Id, cancellationToken);
                return answer.Qr is { Qr: { } code } qr
                    ? Results.Json(new ClientQr(Ok: true, QrString: code, QrExpiresAt: Instant.Of(qr.ExpiresAt)))
                    : Refused(answer, account);
        }
    }

    public async Task<IResult> Reconnect(ClaimsPrincipal user, string instanceId, CancellationToken cancellationToken)
    {
        if (await permissions.Session(user, instanceId, cancellationToken) is not { } account)
        {
            return Problems.NoSession();
        }

        if (account.Phone is null)
        {
            const string Sentence = "This number was never linked, so there is nothing to reconnect. Scan its QR code first.";
            return Problems.Of(StatusCodes.Status409Conflict, "SESSION_NOT_LINKED", Sentence, [new("success", false), new("message", Sentence)]);
        }

        var asked = await actions.Reconnect(user, account.Id, CancellationToken.None);
        return asked.Account is null
            ? AccountProblems.Of(asked)
            : Results.Json(new Reconnected(Success: true, "The session is being reconnected. Its status says when it is there."));
    }

    private static IResult Refused(QrAnswer answer, AccountView account) => answer.Refusal switch
    {
        { Refusal: AccountRefusal.AlreadyConnected } => AlreadyConnected(),
        { } refused => AccountProblems.Of(refused),
        null => Problems.Of(
            StatusCodes.Status500InternalServerError,
            "QR_GENERATION_FAILED",
            "No QR code could be made in time. Check that a worker runs and that WhatsApp can be reached, then ask again.",
            [new("last_error_message", account.Session.LastError)]),
    };

    private static IResult AlreadyConnected() => Problems.Of(
        StatusCodes.Status409Conflict, "SESSION_ALREADY_CONNECTED", "This number is connected already. Stop it first to link another phone.");
}
