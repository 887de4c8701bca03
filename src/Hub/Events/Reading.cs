using System.Security.Claims;

namespace RealtimeWa;

/// <summary>What a browser may read, in the sizes of <see cref="IOperatorHub"/>.</summary>
internal sealed class Reading(
    SnapshotStore snapshots, EventStore events, ThreadStore threads, MessageStore messages, SessionStore sessions, Permissions permissions)
{
    public const int SnapshotThreads = 100;
    private const int MostEvents = 500;
    private const int MostThreads = 100;
    private const int MostMessages = 50;
    private const int MostAccounts = 1000;
    private const int MostHistory = 100;

    public async Task<Snapshot> Snapshot(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var all = await snapshots.Read(SnapshotThreads, cancellationToken);
        return all with
        {
            Accounts = [.. all.Accounts.Where(account => Permissions.MaySee(user, account.Id))],
            Threads = [.. all.Threads.Where(thread => Permissions.MaySee(user, thread.AccountId))],
        };
    }

    public async Task<IReadOnlyList<CatchUp>> CatchUpAll(ClaimsPrincipal user, IReadOnlyList<Seen> seen, CancellationToken cancellationToken)
    {
        var heads = await events.Heads(cancellationToken);
        List<CatchUp> all = [];
        foreach (var (account, seq) in seen.Take(MostAccounts))
        {
            // An account whose head is what was seen has nothing to say.
            if (!heads.TryGetValue(account, out var head) || head != seq)
            {
                all.Add(await CatchUp(user, account, seq, cancellationToken));
            }
        }

        return all;
    }

    public async Task<CatchUp> CatchUp(ClaimsPrincipal user, AccountId account, long after, CancellationToken cancellationToken)
    {
        var caught = await events.After(account, after, MostEvents, cancellationToken);
        return Permissions.MaySee(user, account) ? caught : caught with { Events = [.. caught.Events.Select(Fan.Hide)] };
    }

    public async Task<IReadOnlyList<ThreadView>> Threads(ClaimsPrincipal user, long beforeAt, ThreadId beforeId, CancellationToken cancellationToken)
    {
        var page = await threads.Page(beforeAt, beforeId, MostThreads, cancellationToken);
        return [.. page.Where(thread => Permissions.MaySee(user, thread.AccountId))];
    }

    public Task<ThreadView?> Thread(ClaimsPrincipal user, ThreadId id, CancellationToken cancellationToken) =>
        permissions.Thread(user, id, cancellationToken);

    public async Task<MessagePage?> Messages(ClaimsPrincipal user, ThreadId thread, MessageCursor? before, CancellationToken cancellationToken) =>
        await messages.Page(thread, before, MostMessages, cancellationToken) is { } page && Permissions.MaySee(user, page.AccountId) ? page : null;

    public async Task<QrView?> Qr(ClaimsPrincipal user, AccountId account, CancellationToken cancellationToken) =>
        await permissions.Account(user, account, cancellationToken) is null ? null : await sessions.Qr(account, cancellationToken);

    public async Task<AccountHistory?> History(ClaimsPrincipal user, AccountId account, CancellationToken cancellationToken) =>
        await permissions.Account(user, account, cancellationToken) is null ? null : await sessions.History(account, MostHistory, cancellationToken);
}
