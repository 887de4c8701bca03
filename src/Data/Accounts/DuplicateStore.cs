namespace RealtimeWa;

/// <summary>An account whose phone was linked again, later, by another one.</summary>
public sealed record Duplicate(AccountView Older, AccountView Kept);

/// <summary>Finds phones that more than one account is linked to.</summary>
public sealed class DuplicateStore(Database database)
{
    // The newest row of history that says "linking" is the newest link; the newer account counts where history has no such row any more.
    private static readonly Sql Linked = new("""
        SELECT a.id, (SELECT MAX(t.id) FROM session_transitions t WHERE t.account_id = a.id AND t.reason = 'linking')
        FROM accounts a JOIN sessions s ON s.account_id = a.id
        WHERE a.deleted_at IS NULL AND a.id > 0 AND a.phone IS NOT NULL AND s.creds IS NOT NULL AND s.reason <> 'duplicate_number'
        """);

    /// <summary>All but the newest link of each phone.</summary>
    public Task<IReadOnlyList<Duplicate>> Find(CancellationToken cancellationToken) => database.Read<IReadOnlyList<Duplicate>>(
        tx =>
        {
            var links = tx.Rows(Linked, static row => (Id: new AccountId(row.Long(0)), Linked: row.LongOrNull(1) ?? 0));
            return
            [
                .. links.OrderByDescending(link => link.Linked).ThenByDescending(link => link.Id.Value)
                    .Select(link => AccountStore.Find(tx, link.Id)!)
                    .GroupBy(account => account.Phone, StringComparer.Ordinal)
                    .SelectMany(phone => phone.Skip(1).Select(older => new Duplicate(older, phone.First()))),
            ];
        },
        cancellationToken);
}
