using System.Text.Json.Serialization;

namespace RealtimeWa;

[JsonConverter(typeof(SnakeCase<CommandKind>))]
public enum CommandKind
{
    Connect,
    Stop,
    Reconnect,
    Pair,

    /// <summary>The argument is the phone number, digits.</summary>
    PairCode,

    /// <summary>Unlink the phone, then delete the account.</summary>
    Delete,

    /// <summary>The argument is a <see cref="ReadArgument"/> as JSON.</summary>
    MarkRead,

    /// <summary>Another account was linked to the same phone later: close this one. The argument is the other account's id.</summary>
    Supersede,
}

/// <summary>What a person asked of a session.</summary>
public sealed record Command(long Id, AccountId AccountId, CommandKind Kind, string? Argument, long CreatedAt);

/// <param name="Error">Why it could not be done, as a sentence.</param>
public sealed record DoneCommand(long Id, string? Error);

/// <summary>The argument of <see cref="CommandKind.MarkRead"/>.</summary>
public sealed record ReadArgument(IReadOnlyList<ReadMessage> Messages);

/// <param name="Participant">Who wrote it, in a group.</param>
public sealed record ReadMessage(string Chat, string Id, string? Participant = null);

/// <summary>Durable requests, carried out in their order by the worker that holds the account.</summary>
public sealed class CommandStore(Database database)
{
    private static readonly Sql Insert = new(
        sqlite: "INSERT INTO commands (account_id, kind, argument, created_at) VALUES (@account, @kind, @argument, @now) RETURNING id",
        sqlServer: "INSERT INTO commands (account_id, kind, argument, created_at) OUTPUT inserted.id VALUES (@account, @kind, @argument, @now)");

    private static readonly Sql FindOpen = new("""
        SELECT id AS Id, account_id AS AccountId, kind AS Kind, argument AS Argument, created_at AS CreatedAt
        FROM commands WHERE account_id = @account AND done_at IS NULL ORDER BY id
        """);

    private static readonly Sql FindWaiting = new("SELECT DISTINCT account_id FROM commands WHERE done_at IS NULL ORDER BY account_id");

    private static readonly Sql Finish = new(
        "UPDATE commands SET done_at = @now, error = @error WHERE id = @id AND account_id = @account AND done_at IS NULL");

    private static readonly Sql Exists = new("SELECT COUNT(*) FROM accounts WHERE id = @account AND id > 0 AND deleted_at IS NULL");

    private static readonly Sql PurgeOld = new("DELETE FROM commands WHERE done_at IS NOT NULL AND done_at < @before");

    /// <summary>Nothing when there is no such account.</summary>
    public Task<Command?> Add(AccountId account, CommandKind kind, string? argument, CancellationToken cancellationToken) =>
        Add(account, kind, argument, isActive: null, cancellationToken);

    /// <summary>Of two people who ask at once, the later one decides both: what the worker does last, and what the account stays.</summary>
    /// <param name="isActive">What the person wants of the account from now on, also after a restart; nothing when that stays as it is.</param>
    public Task<Command?> Add(AccountId account, CommandKind kind, string? argument, bool? isActive, CancellationToken cancellationToken) =>
        database.Write(
            account,
            tx =>
            {
                if (tx.Number(Exists, account.Value) == 0)
                {
                    return null;
                }

                var command = Add(tx, account, kind, argument);
                if (isActive is { } wanted)
                {
                    AccountStore.SetActive(tx, account, wanted);
                }

                return command;
            },
            cancellationToken);

    public Task<IReadOnlyList<Command>> Open(AccountId account, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<Command>>(
            tx =>
            [
                .. tx.Query<Row>(FindOpen, new { account = account.Value })
                    .Select(row => new Command(row.Id, new(row.AccountId), SnakeCase.ToValue<CommandKind>(row.Kind), row.Argument, row.CreatedAt)),
            ],
            cancellationToken);

    /// <summary>Accounts with an open command: for the sweep.</summary>
    public Task<IReadOnlyList<AccountId>> Waiting(CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<AccountId>>(tx => tx.Rows(FindWaiting, row => new AccountId(row.Long(0))), cancellationToken);

    /// <param name="error">Why it could not be done, as a sentence.</param>
    public Task Done(Fence fence, long commandId, string? error, CancellationToken cancellationToken) =>
        Done(fence, [new(commandId, error)], cancellationToken);

    public Task Done(Fence fence, IReadOnlyList<DoneCommand> commands, CancellationToken cancellationToken) =>
        database.Write(
            fence.AccountId,
            tx =>
            {
                tx.Hold(fence.AccountId, fence);
                foreach (var (id, error) in commands)
                {
                    tx.Run(Finish, tx.Now, error, id, fence.AccountId.Value);
                }
            },
            cancellationToken);

    public Task<int> Purge(long before, CancellationToken cancellationToken) =>
        database.Write(AccountId.System, tx => tx.Execute(PurgeOld, new { before }), cancellationToken);

    internal static Command Add(Tx tx, AccountId account, CommandKind kind, string? argument)
    {
        var now = tx.Now;
        tx.Hold(account, fence: null);
        tx.Rings.Commands.Add(account);
        var id = tx.Single<long>(Insert, new { account = account.Value, kind = SnakeCase.ToName(kind), argument, now });
        return new(id, account, kind, argument, now);
    }

    private sealed record Row(long Id, long AccountId, string Kind, string? Argument, long CreatedAt);
}
