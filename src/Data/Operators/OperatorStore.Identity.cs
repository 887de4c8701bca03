using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

public sealed partial class OperatorStore
    : IUserPasswordStore<Operator>, IUserEmailStore<Operator>, IUserSecurityStampStore<Operator>, IUserLockoutStore<Operator>
{
    public Task<IdentityResult> CreateAsync(Operator user, CancellationToken cancellationToken) => Create(user, onlyFirst: false, cancellationToken);

    public Task<IdentityResult> UpdateAsync(Operator user, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx =>
            {
                var row = Row.Of(user);
                if (tx.Execute(Update, row) == 0)
                {
                    return Failed("ConcurrencyFailure", "Somebody else changed this person meanwhile. Reload the page.");
                }

                user.ConcurrencyStamp = row.Next;
                return IdentityResult.Success;
            },
            cancellationToken);

    public Task<IdentityResult> DeleteAsync(Operator user, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx =>
            {
                tx.Execute(ForgetAuthor, new { id = user.Id.Value });
                tx.Execute(Delete, new { id = user.Id.Value });
                return IdentityResult.Success;
            },
            cancellationToken);

    public Task<Operator?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Find(Parse(userId), cancellationToken);

    public Task<Operator?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByEmailAsync(normalizedUserName, cancellationToken);

    public Task<Operator?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        database.Read(tx => tx.Single<Row>(ByEmail, new { email = normalizedEmail })?.ToOperator(), cancellationToken);

    public Task<string> GetUserIdAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(Operator user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    public Task<string?> GetNormalizedUserNameAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedUserNameAsync(Operator user, string? normalizedName, CancellationToken cancellationToken) =>
        SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    public Task<string?> GetEmailAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetEmailAsync(Operator user, string? email, CancellationToken cancellationToken)
    {
        user.Email = email ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetNormalizedEmailAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(Operator user, string? normalizedEmail, CancellationToken cancellationToken)
    {
        user.NormalizedEmail = normalizedEmail ?? "";
        return Task.CompletedTask;
    }

    // Addresses are entered by an admin, and no mail is sent: there is nothing to confirm.
    public Task<bool> GetEmailConfirmedAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailConfirmedAsync(Operator user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task SetPasswordHashAsync(Operator user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<bool> HasPasswordAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(Operator user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Operator user, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(user.LockoutEnd is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null);

    public Task SetLockoutEndDateAsync(Operator user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockoutEnd = lockoutEnd?.ToUnixTimeMilliseconds();
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(Operator user, CancellationToken cancellationToken) =>
        Task.FromResult(++user.AccessFailedCount);

    public Task ResetAccessFailedCountAsync(Operator user, CancellationToken cancellationToken)
    {
        user.AccessFailedCount = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnabled);

    public Task SetLockoutEnabledAsync(Operator user, bool enabled, CancellationToken cancellationToken)
    {
        user.LockoutEnabled = enabled;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
