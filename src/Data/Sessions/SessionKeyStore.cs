namespace RealtimeWa;

/// <summary>
/// The keys, credentials and decrypted stanzas of a session, encrypted at rest. <see cref="Commit"/> is the hot path: it returns when
/// all of it is durable, and only then may a stanza be acknowledged.
/// </summary>
public sealed class SessionKeyStore
{
    private static readonly Sql Find = new(
        "SELECT value FROM session_keys WHERE account_id = @account AND type = @type AND id = @id");

    private static readonly Sql Put = new(
        sqlite: """
            INSERT INTO session_keys (account_id, type, id, value) VALUES (@account, @type, @id, @value)
            ON CONFLICT (account_id, type, id) DO UPDATE SET value = excluded.value
            """,
        sqlServer: """
            UPDATE session_keys SET value = @value WHERE account_id = @account AND type = @type AND id = @id;
            IF @@ROWCOUNT = 0 INSERT INTO session_keys (account_id, type, id, value) VALUES (@account, @type, @id, @value)
            """);

    private static readonly Sql Remove = new("DELETE FROM session_keys WHERE account_id = @account AND type = @type AND id = @id");

    private static readonly Sql SetCreds = new("UPDATE sessions SET creds = @creds WHERE account_id = @account");

    private static readonly Sql FindCreds = new("SELECT creds FROM sessions WHERE account_id = @account AND creds IS NOT NULL");

    private static readonly Sql PutSent = new(
        sqlite: """
            INSERT INTO sent (account_id, message_id, proto, at) VALUES (@account, @message, @proto, @at)
            ON CONFLICT (account_id, message_id) DO UPDATE SET proto = excluded.proto
            """,
        sqlServer: """
            UPDATE sent SET proto = @proto WHERE account_id = @account AND message_id = @message;
            IF @@ROWCOUNT = 0 INSERT INTO sent (account_id, message_id, proto, at) VALUES (@account, @message, @proto, @at)
            """);

    private static readonly Sql FindSent = new("SELECT proto FROM sent WHERE account_id = @account AND message_id = @message");

    private static readonly Sql FindQueued = new("""
        SELECT o.content FROM messages m JOIN outbox o ON o.message_id = m.id
        WHERE m.account_id = @account AND m.wa_id = @message AND m.from_me = 1
        """);

    private static readonly Sql RemoveSent = new("DELETE FROM sent WHERE at < @before");

    private readonly Database database;
    private readonly Vault vault;

    internal SessionKeyStore(Database database, Vault vault) => (this.database, this.vault) = (database, vault);

    /// <summary>The values of those ids that there are.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Get(
        AccountId account, string type, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var key = await vault.For(account, cancellationToken);
        var rows = await database.Read(
            tx =>
            {
                List<(string Id, byte[] Value)> found = new(ids.Count);
                foreach (var id in ids)
                {
                    if (tx.Row(Find, static row => row.Bytes(0), account.Value, type, id) is { } value)
                    {
                        found.Add((id, value));
                    }
                }

                return found;
            },
            cancellationToken);
        var values = new Dictionary<string, string>(rows.Count, StringComparer.Ordinal);
        foreach (var (id, value) in rows)
        {
            values[id] = key.OpenText(type, id, value);
        }

        return values;
    }

    /// <summary>
    /// Keys, credentials, the stanza with its plaintexts and the sent protobuf, in one transaction; with the rows that the stanza becomes,
    /// when the commit says what it says. A second commit of a record adds its plaintexts. Throws <see cref="LeaseLostException"/> and
    /// <see cref="StorageRefusedException"/>; then nothing was written. What awaits it may run on the database's own thread, and must only
    /// answer there.
    /// </summary>
    /// <returns>Nothing when no rows were asked for, or when they could not be made: then the record is saved and they can come later.</returns>
    public async Task<Ingested?> Commit(Fence fence, KeyCommit commit, CancellationToken cancellationToken)
    {
        var account = fence.AccountId;
        var key = await vault.For(account, cancellationToken);

        // Sealed here, on the caller's thread: the writer only writes.
        var keys = new (string Type, string Id, byte[]? Value)[commit.Keys.Count];
        for (var index = 0; index < keys.Length; index++)
        {
            var (type, id, value) = commit.Keys[index];
            keys[index] = (type, id, value is null ? null : key.Seal(type, id, value));
        }

        var creds = commit.Creds is null ? null : key.Seal(SecretNames.Creds, "", commit.Creds);
        var sent = commit.Sent is null ? null : key.Seal(SecretNames.Sent, commit.Sent.MessageId, commit.Sent.Proto);
        var record = commit.Inbound is null ? null : SealedRecord.Of(commit.Inbound, key);

        try
        {
            return await database.WriteAndAnswer(account, tx => Save(tx, commit.Item), cancellationToken);
        }
        catch (Exception failure) when (commit.Item is not null && IsOfRows(failure))
        {
            // What can't become rows must not keep its record from being saved: a message that is refused here comes again, for ever.
            return await database.WriteAndAnswer(account, tx => Save(tx, item: null), cancellationToken);
        }

        Ingested? Save(Tx tx, InboundItem? item)
        {
            var held = tx.Hold(account, fence);
            foreach (var (type, id, value) in keys)
            {
                _ = value is null ? tx.Run(Remove, account.Value, type, id) : tx.Run(Put, account.Value, type, id, value);
            }

            if (creds is not null)
            {
                tx.Run(SetCreds, creds, account.Value);
            }

            if (sent is not null)
            {
                tx.Run(PutSent, account.Value, commit.Sent!.MessageId, sent, tx.Now);
            }

            record?.Save(tx, account);
            if (item is null)
            {
                return null;
            }

            var ingest = new Ingest(tx, fence, held);
            ingest.Take(item);
            return ingest.Finish();
        }
    }

    // Without the rows there is less to be locked out of, too.
    private static bool IsOfRows(Exception failure) => failure is StorageRefusedException { Refusal: StorageRefusal.Busy }
        or not (LeaseLostException or StorageRefusedException or OperationCanceledException);

    /// <summary>What a ciphertext was decrypted to when it first came; nothing when it never did.</summary>
    public async Task<byte[]?> Plaintext(AccountId account, string hash, CancellationToken cancellationToken)
    {
        var key = await vault.For(account, cancellationToken);
        return await database.Read(tx => SealedRecord.Plaintext(tx, account, hash, key), cancellationToken);
    }

    /// <summary>
    /// What was sent under this id: its protobuf, or else what the outbox has of it (JSON, a union by its one key): it may have left before
    /// the commit that brings its protobuf.
    /// </summary>
    public async Task<(byte[]? Proto, string? Content)> Sent(AccountId account, string messageId, CancellationToken cancellationToken)
    {
        var key = await vault.For(account, cancellationToken);
        var (proto, content) = await database.Read(
            tx => tx.Row(FindSent, static row => row.Bytes(0), account.Value, messageId) is { } found
                ? (found, null)
                : ((byte[]?)null, tx.Row(FindQueued, static row => row.Text(0), account.Value, messageId)),
            cancellationToken);
        return (proto is null ? null : key.Open(SecretNames.Sent, messageId, proto), content);
    }

    /// <summary>Nothing before the first link.</summary>
    public async Task<string?> Creds(AccountId account, CancellationToken cancellationToken)
    {
        var key = await vault.For(account, cancellationToken);
        var creds = await database.Read(tx => tx.Row(FindCreds, static row => row.Bytes(0), account.Value), cancellationToken);
        return creds is null ? null : key.OpenText(SecretNames.Creds, "", creds);
    }

    /// <summary>Forgets protobufs that were sent before the given UTC milliseconds; a phone may ask again after weeks offline.</summary>
    public Task<int> PurgeSent(long before, CancellationToken cancellationToken) =>
        database.Write(AccountId.System, tx => tx.Run(RemoveSent, before), cancellationToken);

    /// <summary>Drops the unwrapped data key when an account is released.</summary>
    public void Forget(AccountId account) => vault.Forget(account);
}

/// <summary>The types under which values other than session keys are sealed; no type of Baileys begins with a colon.</summary>
internal static class SecretNames
{
    public const string Creds = ":creds";
    public const string Sent = ":sent";
    public const string Plaintext = ":plaintext";
}
