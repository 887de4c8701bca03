namespace RealtimeWa;

/// <summary>Which worker owns which account. All workers must keep their clocks in step (NTP) to well within a lease's length.</summary>
public sealed class LeaseStore(Database database)
{
    private static readonly Sql Free = new(
        sqlite: """
            SELECT id FROM accounts
            WHERE id > 0 AND deleted_at IS NULL AND (claimed_by IS NULL OR lease_until <= @now)
            ORDER BY id LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) id FROM accounts WITH (UPDLOCK, READPAST, ROWLOCK)
            WHERE id > 0 AND deleted_at IS NULL AND (claimed_by IS NULL OR lease_until <= @now)
            ORDER BY id
            """);

    // The guard is repeated: a row may have been claimed between the two statements.
    private static readonly Sql Claim = new(
        sqlite: """
            UPDATE accounts SET claimed_by = @worker, claimed_at = @now, lease_until = @until, lease_epoch = lease_epoch + 1
            WHERE id = @id AND deleted_at IS NULL AND (claimed_by IS NULL OR lease_until <= @now)
            RETURNING lease_epoch
            """,
        sqlServer: """
            UPDATE accounts SET claimed_by = @worker, claimed_at = @now, lease_until = @until, lease_epoch = lease_epoch + 1
            OUTPUT inserted.lease_epoch
            WHERE id = @id AND deleted_at IS NULL AND (claimed_by IS NULL OR lease_until <= @now)
            """);

    private static readonly Sql Prolong = new("""
        UPDATE accounts SET lease_until = @until
        WHERE id = @id AND lease_epoch = @epoch AND claimed_by = @worker AND deleted_at IS NULL
        """);

    private static readonly Sql Free1 = new("""
        UPDATE accounts SET claimed_by = NULL, claimed_at = NULL, lease_until = NULL
        WHERE id = @id AND lease_epoch = @epoch AND claimed_by = @worker
        """);

    private static readonly Sql FindHeld = new(
        "SELECT id, lease_epoch, claimed_by FROM accounts WHERE id > 0 AND claimed_by IS NOT NULL AND deleted_at IS NULL ORDER BY id");

    /// <summary>All leases, also those that have run out.</summary>
    public Task<IReadOnlyList<Fence>> Held(CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<Fence>>(
            tx => tx.Rows(FindHeld, row => new Fence(new(row.Long(0)), row.Long(1), row.Text(2))), cancellationToken);

    /// <summary>Takes at most <paramref name="max"/> accounts that nobody owns or whose lease has run out; each gets a new epoch.</summary>
    public Task<IReadOnlyList<Lease>> Acquire(string workerId, int max, TimeSpan duration, CancellationToken cancellationToken) =>
        database.Write<IReadOnlyList<Lease>>(
            AccountId.System,
            tx =>
            {
                var now = tx.Now;
                var until = now + (long)duration.TotalMilliseconds;
                List<Lease> leases = [];
                foreach (var id in tx.Rows(Free, row => row.Long(0), now, max))
                {
                    if (tx.Number(Claim, workerId, now, until, id) is { } epoch)
                    {
                        leases.Add(new(new(new(id), epoch, workerId), until));
                    }
                }

                return leases;
            },
            cancellationToken);

    /// <summary>Gives the leases that are still held; one that is missing was lost.</summary>
    public Task<IReadOnlyList<Lease>> Renew(IReadOnlyList<Fence> fences, TimeSpan duration, CancellationToken cancellationToken) =>
        database.Write<IReadOnlyList<Lease>>(
            AccountId.System,
            tx =>
            {
                var until = tx.Now + (long)duration.TotalMilliseconds;
                return
                [
                    .. fences.OrderBy(fence => fence.AccountId.Value)
                        .Where(fence => tx.Run(Prolong, until, fence.AccountId.Value, fence.Epoch, fence.WorkerId) == 1)
                        .Select(fence => new Lease(fence, until)),
                ];
            },
            cancellationToken);

    /// <summary>Lets another worker take the account at once. Does nothing when it was lost already.</summary>
    public Task Release(Fence fence, CancellationToken cancellationToken) =>
        database.Write(fence.AccountId, tx => { tx.Run(Free1, fence.AccountId.Value, fence.Epoch, fence.WorkerId); }, cancellationToken);

}
