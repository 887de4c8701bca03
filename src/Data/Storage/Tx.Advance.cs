namespace RealtimeWa;

internal sealed partial class Tx
{
    private static readonly Sql Number1 = new(
        sqlite: "UPDATE accounts SET seq = seq + @n WHERE id = @id RETURNING seq",
        sqlServer: "UPDATE accounts SET seq = seq + @n OUTPUT inserted.seq WHERE id = @id");

    private static readonly Sql NumberFenced = new(
        sqlite: "UPDATE accounts SET seq = seq + @n WHERE id = @id AND lease_epoch = @epoch AND claimed_by = @worker RETURNING seq",
        sqlServer: "UPDATE accounts SET seq = seq + @n OUTPUT inserted.seq WHERE id = @id AND lease_epoch = @epoch AND claimed_by = @worker");

    // A SQLite transaction that writes is alone already, so that reading fences as well as writing and costs no page.
    private static readonly Sql HoldFenced = new(
        sqlite: "SELECT seq FROM accounts WHERE id = @id AND lease_epoch = @epoch AND claimed_by = @worker",
        sqlServer: "UPDATE accounts SET seq = seq OUTPUT inserted.seq WHERE id = @id AND lease_epoch = @epoch AND claimed_by = @worker");

    private static readonly Sql HoldFree = new(
        sqlite: "SELECT seq FROM accounts WHERE id = @id",
        sqlServer: "UPDATE accounts SET seq = seq OUTPUT inserted.seq WHERE id = @id");

    private static readonly Sql SetSeq = new("UPDATE accounts SET seq = @seq WHERE id = @id");

    /// <summary>
    /// Fence, numbers and lock in one: the first statement for an account in every write. Gives the first of <paramref name="n"/> numbers.
    /// A transaction that changes several accounts takes them in order of id. Throws <see cref="LeaseLostException"/>.
    /// </summary>
    public long Advance(AccountId account, int n, Fence? fence)
    {
        Rings.IsNumbered = true;
        var seq = fence is null
            ? Number(Number1, n, account.Value)
            : Number(NumberFenced, n, account.Value, fence.Epoch, fence.WorkerId);
        return seq is { } last ? last - n + 1 : throw Lost(fence);
    }

    /// <summary>Fence and lock without a number; gives the account's newest number.</summary>
    public long Hold(AccountId account, Fence? fence)
    {
        var seq = fence is null
            ? Number(HoldFree, account.Value)
            : Number(HoldFenced, account.Value, fence.Epoch, fence.WorkerId);
        return seq ?? throw Lost(fence);
    }

    /// <summary>Sets the number reached by a transaction that held the account first and counted on from there.</summary>
    public void Reach(AccountId account, long seq)
    {
        Rings.IsNumbered = true;
        Run(SetSeq, seq, account.Value);
    }

    private static Exception Lost(Fence? fence) => fence is null
        ? new InvalidOperationException("A write names an account that does not exist.")
        : new LeaseLostException();
}
