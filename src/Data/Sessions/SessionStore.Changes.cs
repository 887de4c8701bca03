namespace RealtimeWa;

public sealed partial class SessionStore
{
    private static readonly Sql Current = new("SELECT status, reason FROM sessions WHERE account_id = @account");

    private static readonly Sql Save = new("""
        UPDATE sessions SET status = @status, qr_status = @qr_status, qr = @qr, pair_code = @pair_code, qr_expires_at = @qr_expires_at,
          reason = @reason, action = @action, attempt = @attempt, since = @since, retry_at = @retry_at, last_error = @last_error,
          last_connected_at = @last_connected_at, last_message_at = @last_message_at, last_proof_at = @last_proof_at,
          updated_at = @updated_at, notices = @notices, open_since = @open_since, last_event_at = @last_event_at,
          bridge_memory = @bridge_memory
        WHERE account_id = @account
        """);

    private static readonly Sql InsertTransition = new("""
        INSERT INTO session_transitions (account_id, at, from_status, to_status, reason, detail)
        VALUES (@account, @at, @from, @to, @reason, @detail)
        """);

    private static readonly Sql SetIdentity = new("UPDATE accounts SET phone = @phone, lid = @lid WHERE id = @account");

    private static readonly Sql SetCreds = new("""
        UPDATE sessions SET creds = @creds, qr_status = 'used', qr = NULL, pair_code = NULL, qr_expires_at = NULL WHERE account_id = @account
        """);

    private static readonly Sql RemoveKeys = new("DELETE FROM session_keys WHERE account_id = @account");

    private static readonly Sql RemoveCreds = new("UPDATE sessions SET creds = NULL WHERE account_id = @account");

    /// <summary>
    /// Saves the session as it is now, with its event, and a row of history when status or reason changed.
    /// </summary>
    /// <param name="qr">The code to show, kept protected; nothing removes it. Its expiry is <paramref name="session"/>'s.</param>
    /// <param name="detail">For the history: what exactly happened, without secrets.</param>
    /// <param name="steps">What begins or ends with it.</param>
    public Task<Doorbell> Transition(
        Fence fence, SessionView session, QrView? qr, string? detail, IReadOnlyList<HistoryStep> steps, CancellationToken cancellationToken)
    {
        var code = vault.ProtectPairing(qr?.Qr);
        var pairCode = vault.ProtectPairing(qr?.PairCode);
        var view = session with { QrExpiresAt = qr?.ExpiresAt };
        return database.Write(
            fence.AccountId,
            tx =>
            {
                var seq = tx.Advance(fence.AccountId, 1, fence);
                Put(tx, fence.AccountId, view, code, pairCode, detail);
                Write(tx, fence.AccountId, steps);
                EventLog.Write(tx, fence.AccountId, seq, EventKind.SessionChanged, new(Session: view));
                return new Doorbell(fence.AccountId, seq);
            },
            cancellationToken);
    }

    /// <summary>One with which nothing begins or ends.</summary>
    public Task<Doorbell> Transition(Fence fence, SessionView session, QrView? qr, string? detail, CancellationToken cancellationToken) =>
        Transition(fence, session, qr, detail, steps: [], cancellationToken);

    /// <summary>
    /// The phone was linked: credentials and identity are saved, and the keys of an earlier link go, in one transaction. Other accounts
    /// that are linked to the same phone get a command to close; one that nobody owns is shown as closed at once.
    /// </summary>
    /// <param name="supersede">What becomes of the session of such an account.</param>
    public async Task<PairedResult> SetPaired(
        Fence fence, Paired paired, Func<SessionView, SessionView> supersede, CancellationToken cancellationToken)
    {
        var key = await vault.For(fence.AccountId, cancellationToken);
        var creds = key.Seal(SecretNames.Creds, "", paired.Creds);
        return await database.Write(
            fence.AccountId,
            tx =>
            {
                var account = fence.AccountId.Value;
                var older = tx.Rows(FindOlderLinks, static row => new AccountId(row.Long(0)), paired.Phone, account);
                HoldAll(tx, older.Where(id => id.Value < account));
                var seq = tx.Hold(fence.AccountId, fence) + 1;
                HoldAll(tx, older.Where(id => id.Value > account));

                tx.Reach(fence.AccountId, seq);
                tx.Run(SetIdentity, paired.Phone, paired.Lid, account);
                tx.Run(RemoveKeys, account);
                tx.Run(SetCreds, creds, account);
                EventLog.Write(tx, fence.AccountId, seq, EventKind.AccountChanged, new(Account: AccountStore.Find(tx, fence.AccountId)!));
                var closed = older.Select(id => Supersede(tx, id, fence.AccountId, supersede)).OfType<Doorbell>();
                return new PairedResult([new(fence.AccountId, seq), .. closed], older);
            },
            cancellationToken);
    }

    /// <summary>Removes the credentials and keys of a link that the phone has ended.</summary>
    public Task ForgetLink(Fence fence, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                tx.Run(RemoveKeys, fence.AccountId.Value);
                tx.Run(RemoveCreds, fence.AccountId.Value);
            },
            cancellationToken);

    private static void Put(Tx tx, AccountId id, SessionView view, string? code, string? pairCode, string? detail)
    {
        var account = id.Value;
        var from = tx.Row(Current, row => (Status: row.Name<SessionStatus>(0), Reason: row.Name<ReasonCode>(1)), account);
        tx.Run(
            Save,
            SnakeCase.ToName(view.Status),
            SnakeCase.ToName(view.QrStatus),
            code,
            pairCode,
            view.QrExpiresAt,
            SnakeCase.ToName(view.Reason),
            SnakeCase.ToName(view.Action),
            view.Attempt,
            view.Since,
            view.RetryAt,
            view.LastError,
            view.LastConnectedAt,
            view.LastMessageAt,
            view.LastProofAt,
            view.UpdatedAt,
            ViewJson.Write(view.Notices),
            view.OpenSince,
            view.LastEventAt,
            view.BridgeMemory,
            account);
        if (from != (view.Status, view.Reason))
        {
            tx.Run(
                InsertTransition,
                account,
                tx.Now,
                SnakeCase.ToName(from.Status),
                SnakeCase.ToName(view.Status),
                SnakeCase.ToName(view.Reason),
                detail);
        }
    }
}
