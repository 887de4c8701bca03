namespace RealtimeWa;

/// <summary>Either the new account, or a sentence that says why not.</summary>
public sealed record AddedAccount(AccountView? Account, Doorbell? Doorbell, AccountRefusal? Refusal, string? Sentence);

/// <summary>
/// The linked numbers. Adding and deleting are events of account 0; changes of an account are events of its own log. A write gives the
/// doorbell to ring, or nothing when there is no such account.
/// </summary>
public sealed partial class AccountStore(Database database)
{
    private const string Columns = """
        a.id, a.instance_id, a.label, a.phone, a.is_active, a.created_at, a.seq,
        s.status, s.qr_status, s.reason, s.action, s.attempt, s.since, s.retry_at, s.qr_expires_at, s.last_error,
        s.last_connected_at, s.last_message_at, s.last_proof_at, s.updated_at, s.notices,
        s.open_since, s.last_event_at, s.bridge_memory
        """;

    private static readonly Sql ListAll = new(
        $"SELECT {Columns} FROM accounts a JOIN sessions s ON s.account_id = a.id WHERE a.deleted_at IS NULL AND a.id > 0 ORDER BY a.id");

    private static readonly Sql ById = new(
        $"SELECT {Columns} FROM accounts a JOIN sessions s ON s.account_id = a.id WHERE a.deleted_at IS NULL AND a.id = @id");

    private static readonly Sql ByInstance = new(
        $"SELECT {Columns} FROM accounts a JOIN sessions s ON s.account_id = a.id WHERE a.deleted_at IS NULL AND a.instance_id = @instance");

    public Task<IReadOnlyList<AccountView>> List(CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<AccountView>>(List, cancellationToken);

    public Task<AccountView?> Find(AccountId id, CancellationToken cancellationToken) =>
        database.Read(tx => Find(tx, id), cancellationToken);

    public Task<AccountView?> FindByInstance(string instanceId, CancellationToken cancellationToken) =>
        database.Read(tx => tx.Row(ByInstance, AccountRow.View, instanceId), cancellationToken);

    internal static List<AccountView> List(Tx tx) => tx.Rows(ListAll, AccountRow.View);

    internal static AccountView? Find(Tx tx, AccountId id) => tx.Row(ById, AccountRow.View, id.Value);
}
