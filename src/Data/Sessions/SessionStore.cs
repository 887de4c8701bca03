namespace RealtimeWa;

/// <summary>A session as its owner starts from it.</summary>
/// <param name="Creds">Baileys' credentials, decrypted; nothing before the first link.</param>
public sealed record StoredSession(AccountView Account, string? Creds);

/// <summary>Who an account turned out to be when its phone was linked.</summary>
public sealed record Paired(string Phone, string? Lid, string? Name, string Creds);

/// <param name="DuplicateOf">Another account that is linked to the same phone; then nothing was saved.</param>
public sealed record PairedResult(Doorbell? Doorbell, AccountId? DuplicateOf);

/// <summary>A change of a session, for its history.</summary>
public sealed record SessionTransition(long At, SessionStatus From, SessionStatus To, ReasonCode Reason, string? Detail);

/// <summary>Connections and their history.</summary>
public sealed partial class SessionStore
{
    private static readonly Sql FindQr = new(
        "SELECT qr, pair_code, qr_expires_at FROM sessions WHERE account_id = @account AND qr_expires_at > @now");

    private static readonly Sql FindCreds = new("SELECT creds FROM sessions WHERE account_id = @account AND creds IS NOT NULL");

    private static readonly Sql FindHistory = new(
        sqlite: """
            SELECT at, from_status, to_status, reason, detail FROM session_transitions
            WHERE account_id = @account ORDER BY id DESC LIMIT @max
            """,
        sqlServer: """
            SELECT TOP (@max) at, from_status, to_status, reason, detail FROM session_transitions
            WHERE account_id = @account ORDER BY id DESC
            """);

    private static readonly Sql RemoveHistory = new("DELETE FROM session_transitions WHERE at < @before");

    private readonly Database database;
    private readonly Vault vault;

    internal SessionStore(Database database, Vault vault) => (this.database, this.vault) = (database, vault);

    public async Task<StoredSession?> Load(AccountId account, CancellationToken cancellationToken)
    {
        var (view, creds) = await database.Read(
            tx => (AccountStore.Find(tx, account), tx.Row(FindCreds, static row => row.Bytes(0), account.Value)), cancellationToken);
        if (view is null || creds is null)
        {
            return view is null ? null : new(view, Creds: null);
        }

        var key = await vault.For(account, cancellationToken);
        return new(view, key.OpenText(SecretNames.Creds, "", creds));
    }

    /// <summary>The QR or pairing code shown now; nothing when there is none or it has expired.</summary>
    public async Task<QrView?> Qr(AccountId account, CancellationToken cancellationToken)
    {
        var row = await database.Read(
            tx => tx.Row(FindQr, static row => new QrView(row.TextOrNull(0), row.TextOrNull(1), row.Long(2)), account.Value, tx.Now), cancellationToken);
        if (row is null)
        {
            return null;
        }

        var view = new QrView(vault.UnprotectPairing(row.Qr), vault.UnprotectPairing(row.PairCode), row.ExpiresAt);
        return view.Qr is null && view.PairCode is null ? null : view;
    }

    /// <summary>Forgets the history before the given UTC milliseconds.</summary>
    public Task<int> PurgeHistory(long before, CancellationToken cancellationToken) =>
        database.Write(AccountId.System, tx => tx.Run(RemoveHistory, before), cancellationToken);

    /// <summary>The newest changes of status or reason first.</summary>
    public Task<IReadOnlyList<SessionTransition>> History(AccountId account, int max, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<SessionTransition>>(
            tx => tx.Rows(
                FindHistory,
                row => new SessionTransition(row.Long(0), row.Name<SessionStatus>(1), row.Name<SessionStatus>(2), row.Name<ReasonCode>(3), row.TextOrNull(4)),
                account.Value,
                max),
            cancellationToken);
}
