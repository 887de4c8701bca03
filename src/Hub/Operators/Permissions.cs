using System.Security.Claims;

namespace RealtimeWa;

/// <summary>The one way to get at an account or a thread: it asks who wants it first. Absent and forbidden answer the same: nothing.</summary>
internal sealed class Permissions(AccountStore accounts, ThreadStore threads)
{
    /// <summary>Today everyone who is signed in sees every account; a narrower rule has its place here.</summary>
    public static bool MaySee(ClaimsPrincipal user, AccountId account) => account.Value >= 0 && Policies.RoleOf(user) is not null;

    public async Task<AccountView?> Account(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        id != AccountId.System && MaySee(user, id) ? await accounts.Find(id, cancellationToken) : null;

    public async Task<ThreadView?> Thread(ClaimsPrincipal user, ThreadId id, CancellationToken cancellationToken) =>
        await threads.Find(id, cancellationToken) is { } thread && MaySee(user, thread.AccountId) ? thread : null;
}
