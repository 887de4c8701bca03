using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>Asks for a QR and waits for it. Asked twice, it is the same code: one that is valid is given again, one that is being made is waited for together.</summary>
internal sealed class QrRequests(AccountActions actions, AccountStore accounts, SessionStore sessions, TimeProvider time, IOptions<ApiOptions> options)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two codes of one link there are some milliseconds without any; a link that is ending makes no other.</summary>
    private static readonly TimeSpan Succession = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();

    private readonly Dictionary<AccountId, Task<QrAnswer>> making = [];

    public async Task<QrAnswer> Ask(ClaimsPrincipal user, AccountId account, CancellationToken cancellationToken)
    {
        if (await sessions.Qr(account, cancellationToken) is { Qr: not null } valid)
        {
            return new(valid, Refusal: null);
        }

        Task<QrAnswer>? request;
        lock (gate)
        {
            if (!making.TryGetValue(account, out request))
            {
                making[account] = request = Task.Run(() => Make(user, account), CancellationToken.None);
            }
        }

        return await request.WaitAsync(cancellationToken);
    }

    private async Task<QrAnswer> Make(ClaimsPrincipal user, AccountId account)
    {
        using var given = new CancellationTokenSource(options.Value.QrWait, time);
        try
        {
            if (await SuccessorAsync(account, given.Token) is { } next)
            {
                return new(next, Refusal: null);
            }

            var asked = await actions.Pair(user, account, CancellationToken.None);
            return asked.Refusal is null ? new(await MadeAsync(account, given.Token), Refusal: null) : new(Qr: null, asked);
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
            // The phone of a quick person, or an older link that came back, may have been faster than the code.
            return await accounts.Find(account, CancellationToken.None) is { Session.Status: SessionStatus.Connected } connected
                ? new(Qr: null, new(connected, AccountRefusal.AlreadyConnected, "This number is connected already."))
                : new(Qr: null, Refusal: null);
        }
        finally
        {
            lock (gate)
            {
                making.Remove(account);
            }
        }
    }

    /// <summary>The code after the one that has just expired, if the link goes on: to begin a new one would end it.</summary>
    private async Task<QrView?> SuccessorAsync(AccountId account, CancellationToken given)
    {
        if (await accounts.Find(account, given) is not { Session: { Status: SessionStatus.QrRequired, QrStatus: QrStatus.Generated or QrStatus.Expired } })
        {
            return null;
        }

        using var brief = new CancellationTokenSource(Succession, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(brief.Token, given);
        try
        {
            return await MadeAsync(account, either.Token);
        }
        catch (OperationCanceledException) when (brief.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<QrView> MadeAsync(AccountId account, CancellationToken given)
    {
        while (true)
        {
            if (await sessions.Qr(account, given) is { Qr: not null } made)
            {
                return made;
            }

            await Task.Delay(LookEvery, time, given);
        }
    }
}

/// <summary>The code, or why not; neither when none was made in time.</summary>
internal sealed record QrAnswer(QrView? Qr, AccountResult? Refusal);
