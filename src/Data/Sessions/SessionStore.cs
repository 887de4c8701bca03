namespace RealtimeWa;

/// <summary>A session as its owner starts from it.</summary>
/// <param name="Creds">Baileys' credentials, decrypted; nothing before the first link.</param>
public sealed record StoredSession(AccountView Account, string? Creds)
{
    /// <summary>It is the primary session of an account that is connected without being asked, until a person stops it.</summary>
    public bool AutoConnects { get; init; } = Account.IsActive;

    /// <summary>When open sockets were given up within the last hour because a probe failed, UTC milliseconds; what counts against the limit.</summary>
    public IReadOnlyList<long> Teardowns { get; init; } = [];
}

/// <summary>Who an account turned out to be when its phone was linked.</summary>
public sealed record Paired(string Phone, string? Lid, string? Name, string Creds);

/// <param name="Superseded">Accounts that were linked to the same phone before: each has a command to close.</param>
public sealed record PairedResult(IReadOnlyList<Doorbell> Doorbells, IReadOnlyList<AccountId> Superseded);

/// <summary>Connections and their history.</summary>
public sealed partial class SessionStore
{
    private static readonly Sql FindQr = new(
        "SELECT qr, pair_code, qr_expires_at FROM sessions WHERE account_id = @account AND qr_expires_at > @now");

    private static readonly Sql FindCreds = new("SELECT creds FROM sessions WHERE account_id = @account AND creds IS NOT NULL");

    private static readonly Sql AutoConnects = new(
        "SELECT COUNT(*) FROM accounts WHERE id = @account AND is_active = 1 AND auto_connect = 1 AND session_name = 'primary'");

    private readonly Database database;
    private readonly Vault vault;

    internal SessionStore(Database database, Vault vault) => (this.database, this.vault) = (database, vault);

    public async Task<StoredSession?> Load(AccountId account, CancellationToken cancellationToken)
    {
        var (stored, creds) = await database.Read(
            tx => (Load(tx, account), tx.Row(FindCreds, static row => row.Bytes(0), account.Value)), cancellationToken);
        if (stored is null || creds is null)
        {
            return stored;
        }

        var key = await vault.For(account, cancellationToken);
        return stored with { Creds = key.OpenText(SecretNames.Creds, "", creds) };
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

    private static StoredSession? Load(Tx tx, AccountId account) => AccountStore.Find(tx, account) is { } view
        ? new(view, Creds: null) { AutoConnects = tx.Number(AutoConnects, account.Value) == 1, Teardowns = Teardowns(tx, account) }
        : null;
}
