using System.Globalization;

namespace RealtimeWa;

public sealed partial class AccountStore
{
    private const int LongestLabel = 100;

    private static readonly Sql Count = new("SELECT COUNT(*) FROM accounts WHERE deleted_at IS NULL AND id > 0");

    private static readonly Sql IsTaken = new("SELECT COUNT(*) FROM accounts WHERE instance_id = @instance");

    private static readonly Sql Insert = new(
        sqlite: "INSERT INTO accounts (instance_id, label, created_at) VALUES (@instance, @label, @now) RETURNING id",
        sqlServer: "INSERT INTO accounts (instance_id, label, created_at) OUTPUT inserted.id VALUES (@instance, @label, @now)");

    private static readonly Sql SetInstance = new("UPDATE accounts SET instance_id = @instance WHERE id = @id");

    private static readonly Sql InsertSession = new("""
        INSERT INTO sessions (account_id, status, qr_status, reason, action, since, updated_at)
        VALUES (@id, 'init', 'none', 'never_linked', 'scan_qr', @now, @now)
        """);

    private static readonly Sql SetLabel = new("UPDATE accounts SET label = @label WHERE id = @id");

    private static readonly Sql SetIsActive = new("UPDATE accounts SET is_active = @active, auto_connect = @active WHERE id = @id AND is_active <> @active");

    private static readonly Sql Exists = new("SELECT COUNT(*) FROM accounts WHERE id = @id AND id > 0 AND deleted_at IS NULL");

    private static readonly Sql Bury = new("""
        UPDATE accounts SET deleted_at = @now, instance_id = @instance, claimed_by = NULL, claimed_at = NULL, lease_until = NULL,
          lease_epoch = lease_epoch + 1
        WHERE id = @id
        """);

    private static readonly Sql ForgetSession = new("UPDATE sessions SET creds = NULL, data_key = NULL, qr = NULL, pair_code = NULL WHERE account_id = @id");

    private static readonly Sql ForgetKeys = new("DELETE FROM session_keys WHERE account_id = @id");

    private static readonly Sql ForgetInbound = new("DELETE FROM inbound WHERE account_id = @id");

    private static readonly Sql ForgetPlaintexts = new("DELETE FROM inbound_plaintexts WHERE account_id = @id");

    private static readonly Sql ForgetSent = new("DELETE FROM sent WHERE account_id = @id");

    private static readonly Sql ForgetOutbox = new("DELETE FROM outbox WHERE account_id = @id");

    private static readonly Sql CloseCommands = new("UPDATE commands SET done_at = @now WHERE account_id = @id AND done_at IS NULL");

    /// <param name="instanceId">The account's name in the HTTP contracts; made from its id when none is given.</param>
    /// <param name="max">How many accounts there may be.</param>
    public Task<AddedAccount> Add(string label, string? instanceId, int max, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx =>
            {
                var name = label.Trim();
                if (name.Length is 0 or > LongestLabel)
                {
                    return Refused(
                        name.Length == 0 ? AccountRefusal.EmptyLabel : AccountRefusal.LabelTooLong,
                        $"Give the account a name of 1 to {LongestLabel.ToString(CultureInfo.InvariantCulture)} characters.");
                }

                tx.Hold(AccountId.System, fence: null);
                if (tx.Number(Count) >= max)
                {
                    return Refused(AccountRefusal.TooMany, $"There are {max.ToString(CultureInfo.InvariantCulture)} accounts already, and that is the limit. Delete one that is no longer used, or raise Accounts:Max.");
                }

                if (instanceId is not null && tx.Number(IsTaken, instanceId) > 0)
                {
                    return Refused(AccountRefusal.InstanceTaken, "Another account has this instance id already. Choose another one.");
                }

                var id = new AccountId(tx.Number(Insert, instanceId ?? Guid.NewGuid().ToString("N"), name, tx.Now)!.Value);
                if (instanceId is null)
                {
                    tx.Run(SetInstance, $"sender_{id}", id.Value);
                }

                tx.Run(InsertSession, id.Value, tx.Now);
                var view = Find(tx, id)!;
                var bell = EventLog.Append(tx, AccountId.System, fence: null, EventKind.AccountChanged, new(Account: view));
                tx.Rings.Commands.Add(view.Id);
                return new AddedAccount(view, bell, Refusal: null, Sentence: null);
            },
            cancellationToken);

    public Task<Doorbell?> Relabel(AccountId id, string label, CancellationToken cancellationToken) =>
        Change(id, tx => tx.Run(SetLabel, label.Trim()[..Math.Min(label.Trim().Length, LongestLabel)], id.Value), cancellationToken);

    /// <summary>
    /// Leaves a row without secrets, fences its worker off, and gives account 0 an event. What was written in its chats goes with
    /// <see cref="Purge"/>.
    /// </summary>
    public Task<Doorbell?> Delete(AccountId id, CancellationToken cancellationToken) =>
        database.Write<Doorbell?>(
            AccountId.System,
            tx =>
            {
                tx.Hold(AccountId.System, fence: null);
                if (Find(tx, id) is not { } view)
                {
                    return null;
                }

                tx.Hold(id, fence: null);
                tx.Run(Bury, tx.Now, $"{view.InstanceId}~deleted~{id}", id.Value);
                tx.Run(ForgetSession, id.Value);
                tx.Run(ForgetKeys, id.Value);
                tx.Run(ForgetInbound, id.Value);
                tx.Run(ForgetPlaintexts, id.Value);
                tx.Run(ForgetSent, id.Value);
                tx.Run(ForgetOutbox, id.Value);
                tx.Run(CloseCommands, tx.Now, id.Value);
                return EventLog.Append(tx, AccountId.System, fence: null, EventKind.AccountDeleted, new(Account: view));
            },
            cancellationToken);

    /// <summary>
    /// False stops an account until a person starts it again. The caller's transaction holds the account, and has the command that the
    /// worker acts on. It is an event only when it was otherwise before.
    /// </summary>
    internal static void SetActive(Tx tx, AccountId id, bool isActive)
    {
        if (tx.Run(SetIsActive, isActive, id.Value) == 0)
        {
            return;
        }

        var seq = tx.Advance(id, 1, fence: null);
        EventLog.Write(tx, id, seq, EventKind.AccountChanged, new(Account: Find(tx, id)!));
    }

    private static AddedAccount Refused(AccountRefusal refusal, string sentence) => new(Account: null, Doorbell: null, refusal, sentence);

    private Task<Doorbell?> Change(AccountId id, Action<Tx> change, CancellationToken cancellationToken) =>
        database.Write<Doorbell?>(
            id,
            tx =>
            {
                if (tx.Number(Exists, id.Value) == 0)
                {
                    return null;
                }

                var seq = tx.Advance(id, 1, fence: null);
                change(tx);
                EventLog.Write(tx, id, seq, EventKind.AccountChanged, new(Account: Find(tx, id)!));
                return new(id, seq);
            },
            cancellationToken);
}
