using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>Asks for a QR and waits for it. Asked twice, it is the same code: one that is valid is given again, one that is being made is waited for together.</summary>
internal sealed class QrRequests(AccountActions actions, AccountStore accounts, SessionStore sessions, TimeProvider time, IOptions<ApiOptions> options)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

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
            var asked = await actions.Pair(user, account, CancellationToken.None);
            if (asked.Refusal is not null)
            {
                return new(Qr: null, asked);
            }

            while (true)
            {
                if (await sessions.Qr(account, given.Token) is { Qr: not null } made)
                {
                    return new(made, Refusal: null);
                }

                await Task.Delay(LookEvery, time, given.Token);
            }
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
}

/// <summary>The code, or why not; neither when none was made in time.</summary>
internal sealed record QrAnswer(QrView? Qr, AccountResult? Refusal);
