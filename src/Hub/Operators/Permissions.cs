using System.Security.Claims;

namespace RealtimeWa;

/// <summary>The one way to get at an account or a thread: it asks who wants it first. Absent and forbidden answer the same: nothing.</summary>
internal sealed class Permissions(AccountStore accounts, ThreadStore threads)
{
    /// <summary>Today everyone who is signed in and every program with a key sees every account; a narrower rule has its place here.</summary>
    public static bool MaySee(ClaimsPrincipal user, AccountId account) =>
        account.Value >= 0 && (Policies.RoleOf(user) is not null || Policies.IsProgram(user));

    /// <summary>A QR is a secret of whoever may pair.</summary>
    public static bool MayPair(ClaimsPrincipal user) => Policies.RoleOf(user) >= OperatorRole.Manager || Policies.IsProgram(user);

    public async Task<AccountView?> Account(ClaimsPrincipal user, AccountId id, CancellationToken cancellationToken) =>
        id != AccountId.System && MaySee(user, id) ? await accounts.Find(id, cancellationToken) : null;

    /// <summary>By its name in the HTTP contracts.</summary>
    public async Task<AccountView?> Session(ClaimsPrincipal user, string instanceId, CancellationToken cancellationToken) =>
        await accounts.FindByInstance(instanceId, cancellationToken) is { } account && account.Id != AccountId.System && MaySee(user, account.Id) ? account : null;

    public async Task<ThreadView?> Thread(ClaimsPrincipal user, ThreadId id, CancellationToken cancellationToken) =>
        await threads.Find(id, cancellationToken) is { } thread && MaySee(user, thread.AccountId) ? thread : null;
}
