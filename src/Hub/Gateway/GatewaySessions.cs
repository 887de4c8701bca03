using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>What the gateway's admin API does with sessions. A session's id is the account's instance id.</summary>
internal sealed class GatewaySessions(
    AccountStore accounts, SessionStore sessions, AccountActions actions, Permissions permissions, IOptions<GatewayOptions> options) : IDisposable
{
    // Two requests with one label must not make two accounts.
    private readonly SemaphoreSlim starting = new(1);

    public void Dispose() => starting.Dispose();

    /// <summary>A label that is known and was stopped starts again; one that runs is named in the refusal, so that the caller can attach to it.</summary>
    public async Task<IResult> Start(ClaimsPrincipal user, string? label, CancellationToken cancellationToken)
    {
        if (!options.Value.PersonalSessionsEnabled)
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden, "PERSONAL_SESSION_DISABLED", "New sessions are switched off here. Set Gateway:PersonalSessionsEnabled to true.");
        }

        await starting.WaitAsync(cancellationToken);
        try
        {
            var known = (await accounts.List(cancellationToken))
                .FirstOrDefault(account => string.Equals(account.Label, label?.Trim(), StringComparison.OrdinalIgnoreCase));
            if (known is { } running && GatewayStatus.Of(running) is not GatewayStatus.Stopped)
            {
                return Problems.Of(
                    StatusCodes.Status409Conflict,
                    "SESSION_ALREADY_RUNNING",
                    "A session with this label runs already. Use its sessionId, or stop it first.",
                    [new("sessionId", running.InstanceId)]);
            }

            var made = known is null ? await actions.Add(user, label, cancellationToken) : new(known, Refusal: null, Sentence: null);
            if (made.Account is { } account)
            {
                made = await actions.Pair(user, account.Id, cancellationToken);
            }

            return made.Account is { } started
                ? Results.Json(
                    new GatewaySession(started.InstanceId, started.Label, GatewayStatus.Of(started)), statusCode: StatusCodes.Status201Created)
                : AccountProblems.Of(made);
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>Asking for a code that has expired gets a new one on its way.</summary>
    public async Task<IResult> Qr(ClaimsPrincipal user, string id, CancellationToken cancellationToken)
    {
        if (await permissions.Session(user, id, cancellationToken) is not { } account)
        {
            return Problems.NoSession();
        }

        if (GatewayStatus.Of(account) is GatewayStatus.PendingQr or GatewayStatus.Degraded
            && await sessions.Qr(account.Id, cancellationToken) is { Qr: { } code } shown)
        {
            return Results.Json(new GatewayQr(code, Instant.Of(shown.ExpiresAt), QrPicture.DataUrl(code)));
        }

        if (account.IsActive && account.Session.QrStatus == QrStatus.Expired)
        {
            await actions.Pair(user, account.Id, cancellationToken);
            return Problems.Of(StatusCodes.Status410Gone, "SESSION_QR_EXPIRED", "The code has expired. A new one is made: ask again in a moment.");
        }

        return Problems.Of(
            StatusCodes.Status409Conflict,
            "SESSION_QR_NOT_READY",
            account.Session.Status == SessionStatus.Connected ? "The session is linked; there is no code to scan." : "There is no code yet. Ask again in a moment.");
    }

    public async Task<IResult> Status(ClaimsPrincipal user, string id, CancellationToken cancellationToken) =>
        await permissions.Session(user, id, cancellationToken) is { } account
            ? Results.Json(new GatewaySessionStatus(account.InstanceId, account.Label, GatewayStatus.Of(account), Instant.Of(account.Session.UpdatedAt)))
            : Problems.NoSession();

    /// <summary>Stops it and keeps its link and chats; deleting an account is for people.</summary>
    public async Task<IResult> Stop(ClaimsPrincipal user, string id, CancellationToken cancellationToken)
    {
        if (await permissions.Session(user, id, cancellationToken) is not { } account)
        {
            return Problems.NoSession();
        }

        var stopped = await actions.Stop(user, account.Id, cancellationToken);
        return stopped.Account is null ? AccountProblems.Of(stopped) : Results.NoContent();
    }
}

public sealed record GatewayStart(string? AccountLabel);

public sealed record GatewaySession(string SessionId, string AccountLabel, string Status);

/// <param name="Code">The text of the QR.</param>
/// <param name="Qr">The same as a picture, a data URL.</param>
public sealed record GatewayQr(string Code, DateTime ExpiresAt, string? Qr);

public sealed record GatewaySessionStatus(string SessionId, string AccountLabel, string Status, DateTime UpdatedAt);
