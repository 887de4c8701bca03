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
    private readonly IOptions<AccountLimits> limits;

    internal AccountActions(
        AccountStore accounts, CommandStore commands, Permissions permissions, IOptions<AccountLimits> limits)
    {
        this.accounts = accounts;
        this.commands = commands;
        this.permissions = permissions;
        this.limits = limits;
    }

    public Task<AccountResult> Add(ClaimsPrincipal user, string? label, CancellationToken cancellationToken) => Stored(async () =>
    {
        if (Refuse(label) is { } refused)
        {
            return refused;
        }

        var added = await accounts.Add(label!.Trim(), instanceId: null, limits.Value.Max, cancellationToken);
        return new(added.Account, added.Refusal, added.Sentence);
    });

    public Task<AccountResult> Relabel(ClaimsPrincipal user, AccountId id, string? label, CancellationToken cancellationToken) => Stored(async () =>
    {
        if (Refuse(label) is { } refused)
        {
            return refused;
        }

        if (await permissions.Account(user, id, cancellationToken) is null || await accounts.Relabel(id, label!.Trim(), cancellationToken) is null)
        {
            return NotFound();
        }

        return new(await accounts.Find(id, cancellationToken), Refusal: null, Sentence: null);
    });

    public Task<AccountResult> Pair(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Link(user, id, CommandKind.Pair, argument: null, cancellationToken);

    public async Task<AccountResult> PairByCode(ClaimsPrincipal user, AccountId id, string? phone, CancellationToken cancellationToken)
    {
        var digits = string.Concat((phone ?? "").Where(char.IsAsciiDigit));

        // E.164: at most 15 digits; the shortest in use have 7.
        return digits.Length is < 7 or > 15
            ? new(Account: null, AccountRefusal.InvalidPhone, "Write the number with its country code, for example +40 712 345 678.")
            : await Link(user, id, CommandKind.PairCode, digits, cancellationToken);
    }

    public Task<AccountResult> Reconnect(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Ask(user, id, CommandKind.Reconnect, argument: null, isActive: true, cancellationToken);

    public Task<AccountResult> Stop(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Ask(user, id, CommandKind.Stop, argument: null, isActive: false, cancellationToken);

    public Task<AccountResult> Delete(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        Ask(user, id, CommandKind.Delete, argument: null, isActive: null, cancellationToken);

    private static AccountResult NotFound() => new(Account: null, AccountRefusal.NotFound, Absent);

    private static AccountResult? Refuse(string? label) => label?.Trim().Length switch
    {
        null or 0 => new(Account: null, AccountRefusal.EmptyLabel, "Give the number a name, so that everyone knows which one it is."),
        > LongestLabel => new(Account: null, AccountRefusal.LabelTooLong, $"A name may have {LongestLabel} characters. Choose a shorter one."),
        _ => null,
    };

    private static async Task<AccountResult> Stored(Func<Task<AccountResult>> act)
    {
        try
        {
            return await act();
        }
        catch (StorageRefusedException refused)
        {
            return new(Account: null, AccountRefusal.NotStored, refused.Message);
        }
    }

    private Task<AccountResult> Link(
        ClaimsPrincipal user, AccountId id, CommandKind kind, string? argument, CancellationToken cancellationToken) => Stored(async () =>
            await permissions.Account(user, id, cancellationToken) is { Session.Status: SessionStatus.Connected } connected
                ? new(connected, AccountRefusal.AlreadyConnected, "This number is connected already. Stop it first to link another phone.")
                : await Ask(user, id, kind, argument, isActive: true, cancellationToken));

    /// <param name="isActive">What the person wants of the account from now on, also after a restart; nothing when that stays as it is.</param>
    private Task<AccountResult> Ask(
        ClaimsPrincipal user, AccountId id, CommandKind kind, string? argument, bool? isActive, CancellationToken cancellationToken) => Stored(async () =>
    {
        if (await permissions.Account(user, id, cancellationToken) is not { } account)
        {
            return NotFound();
        }

        if (await commands.Add(id, kind, argument, isActive, cancellationToken) is null)
        {
            return NotFound();
        }

        return new(await accounts.Find(id, cancellationToken) ?? account, Refusal: null, Sentence: null);
    });
}
