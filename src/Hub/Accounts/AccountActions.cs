using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>
/// What people ask of accounts, for the pages' forms and the hub's methods alike. What a worker has to do is a command row; the
/// doorbell only makes it sooner. The caller has checked the role.
/// </summary>
public sealed class AccountActions
{
    private const int LongestLabel = 60;

    private const string Absent = "This number is no longer here. Reload the page.";

    private readonly AccountStore accounts;
    private readonly CommandStore commands;
    private readonly Permissions permissions;
    private readonly EventTail tail;
    private readonly WorkerBell workers;
    private readonly IOptions<AccountLimits> limits;

    internal AccountActions(
        AccountStore accounts, CommandStore commands, Permissions permissions, EventTail tail, WorkerBell workers, IOptions<AccountLimits> limits)
    {
        this.accounts = accounts;
        this.commands = commands;
        this.permissions = permissions;
        this.tail = tail;
        this.workers = workers;
        this.limits = limits;
    }

    public async Task<AccountResult> Add(ClaimsPrincipal user, string? label, CancellationToken cancellationToken)
    {
        if (Refuse(label) is { } refused)
        {
            return refused;
        }

        var added = await accounts.Add(label!.Trim(), instanceId: null, limits.Value.Max, cancellationToken);
        if (added.Account is { } account)
        {
            tail.Ring();
            workers.CommandWaiting(account.Id);
        }

        return new(added.Account, added.Refusal, added.Sentence);
    }

    public async Task<AccountResult> Relabel(ClaimsPrincipal user, AccountId id, string? label, CancellationToken cancellationToken)
    {
        if (Refuse(label) is { } refused)
        {
            return refused;
        }

        if (await permissions.Account(user, id, cancellationToken) is null || await accounts.Relabel(id, label!.Trim(), cancellationToken) is null)
        {
            return NotFound();
        }

        tail.Ring();
        return new(await accounts.Find(id, cancellationToken), Refusal: null, Sentence: null);
    }

    public async Task<AccountResult> Pair(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        await IsConnected(user, id, cancellationToken) ?? await Ask(user, id, CommandKind.Pair, argument: null, cancellationToken);

    public async Task<AccountResult> PairByCode(ClaimsPrincipal user, AccountId id, string? phone, CancellationToken cancellationToken)
    {
        var digits = string.Concat((phone ?? "").Where(char.IsAsciiDigit));

        // E.164: at most 15 digits; the shortest in use have 7.
        return digits.Length is < 7 or > 15
            ? new(Account: null, AccountRefusal.InvalidPhone, "Write the number with its country code, for example +40 712 345 678.")
            : await IsConnected(user, id, cancellationToken) ?? await Ask(user, id, CommandKind.PairCode, digits, cancellationToken);
    }

    public Task<AccountResult> Reconnect(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Ask(user, id, CommandKind.Reconnect, argument: null, cancellationToken);

    public Task<AccountResult> Stop(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Ask(user, id, CommandKind.Stop, argument: null, cancellationToken);

    public Task<AccountResult> Delete(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Ask(user, id, CommandKind.Delete, argument: null, cancellationToken);

    private static AccountResult NotFound() => new(Account: null, AccountRefusal.NotFound, Absent);

    private static AccountResult? Refuse(string? label) => label?.Trim().Length switch
    {
        null or 0 => new(Account: null, AccountRefusal.EmptyLabel, "Give the number a name, so that everyone knows which one it is."),
        > LongestLabel => new(Account: null, AccountRefusal.LabelTooLong, $"A name may have {LongestLabel} characters. Choose a shorter one."),
        _ => null,
    };

    private async Task<AccountResult?> IsConnected(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        await permissions.Account(user, id, cancellationToken) switch
        {
            null => NotFound(),
            { Session.Status: SessionStatus.Connected } account => new(
                account, AccountRefusal.AlreadyConnected, "This number is connected already. Stop it first to link another phone."),
            _ => null,
        };

    private async Task<AccountResult> Ask(
        ClaimsPrincipal user, AccountId id, CommandKind kind, string? argument, CancellationToken cancellationToken)
    {
        if (await permissions.Account(user, id, cancellationToken) is not { } account || await commands.Add(id, kind, argument, cancellationToken) is null)
        {
            return NotFound();
        }

        workers.CommandWaiting(id);
        return new(account, Refusal: null, Sentence: null);
    }
}
