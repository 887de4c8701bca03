namespace RealtimeWa;

/// <summary>An account with whoever owns it.</summary>
/// <param name="Owner">The worker that claimed it; nothing when none did.</param>
/// <param name="LeaseUntil">UTC milliseconds; the owner is gone when it has passed.</param>
public sealed record AccountHealth(AccountView Account, string? Owner, long? LeaseUntil);

/// <summary>What a health check reads.</summary>
public sealed class HealthStore(Database database)
{
    private static readonly Sql Owners = new(
        "SELECT id, claimed_by, lease_until FROM accounts WHERE deleted_at IS NULL AND id > 0 AND claimed_by IS NOT NULL AND session_name = 'primary'");

    public Task<IReadOnlyList<AccountHealth>> Read(CancellationToken cancellationToken) => database.Read<IReadOnlyList<AccountHealth>>(
        tx =>
        {
            var owners = tx.Rows(Owners, static row => (Id: row.Long(0), Owner: row.Text(1), Until: row.LongOrNull(2))).ToDictionary(owner => owner.Id);
            return
            [
                .. AccountStore.List(tx).Select(account => owners.TryGetValue(account.Id.Value, out var owner)
                    ? new AccountHealth(account, owner.Owner, owner.Until)
                    : new AccountHealth(account, Owner: null, LeaseUntil: null)),
            ];
        },
        cancellationToken);
}
