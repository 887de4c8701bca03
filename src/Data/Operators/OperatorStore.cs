using System.Globalization;
using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

/// <summary>The people who can log in; also the user store of ASP.NET Core Identity.</summary>
public sealed partial class OperatorStore(Database database)
{
    private const string Columns = """
        id AS Id, email AS Email, normalized_email AS NormalizedEmail, name AS Name, password_hash AS PasswordHash,
        security_stamp AS SecurityStamp, concurrency_stamp AS ConcurrencyStamp, role AS Role, lockout_end AS LockoutEnd,
        lockout_enabled AS LockoutEnabled, access_failed_count AS AccessFailedCount, two_factor_enabled AS TwoFactorEnabled,
        created_at AS CreatedAt, last_seen_at AS LastSeenAt
        """;

    private static readonly Sql All = new($"SELECT {Columns} FROM operators ORDER BY id");

    private static readonly Sql ById = new($"SELECT {Columns} FROM operators WHERE id = @id");

    private static readonly Sql ByEmail = new($"SELECT {Columns} FROM operators WHERE normalized_email = @email");

    private static readonly Sql CountAll = new("SELECT COUNT(*) FROM operators");

    // Locks the same row in every writer, so that two firsts can't both be first.
    private static readonly Sql Insert = new(
        sqlite: """
            INSERT INTO operators (email, normalized_email, name, password_hash, security_stamp, concurrency_stamp, role, lockout_end,
              lockout_enabled, access_failed_count, two_factor_enabled, created_at, last_seen_at)
            VALUES (@Email, @NormalizedEmail, @Name, @PasswordHash, @SecurityStamp, @ConcurrencyStamp, @Role, @LockoutEnd,
              @LockoutEnabled, @AccessFailedCount, @TwoFactorEnabled, @CreatedAt, @LastSeenAt)
            RETURNING id
            """,
        sqlServer: """
            INSERT INTO operators (email, normalized_email, name, password_hash, security_stamp, concurrency_stamp, role, lockout_end,
              lockout_enabled, access_failed_count, two_factor_enabled, created_at, last_seen_at)
            OUTPUT inserted.id
            VALUES (@Email, @NormalizedEmail, @Name, @PasswordHash, @SecurityStamp, @ConcurrencyStamp, @Role, @LockoutEnd,
              @LockoutEnabled, @AccessFailedCount, @TwoFactorEnabled, @CreatedAt, @LastSeenAt)
            """);

    private static readonly Sql Update = new("""
        UPDATE operators SET email = @Email, normalized_email = @NormalizedEmail, name = @Name, password_hash = @PasswordHash,
          security_stamp = @SecurityStamp, concurrency_stamp = @Next, role = @Role, lockout_end = @LockoutEnd,
          lockout_enabled = @LockoutEnabled, access_failed_count = @AccessFailedCount, two_factor_enabled = @TwoFactorEnabled
        WHERE id = @Id AND concurrency_stamp = @ConcurrencyStamp
        """);

    // The messages that somebody wrote stay; only the name goes.
    private static readonly Sql ForgetAuthor = new("UPDATE messages SET operator_id = NULL WHERE operator_id = @id");

    private static readonly Sql Delete = new("DELETE FROM operators WHERE id = @id");

    private static readonly Sql SetSeen = new("UPDATE operators SET last_seen_at = @now WHERE id = @id");

    public Task<IReadOnlyList<Operator>> List(CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<Operator>>(tx => [.. tx.Query<Row>(All).Select(row => row.ToOperator())], cancellationToken);

    public Task<Operator?> Find(OperatorId id, CancellationToken cancellationToken) =>
        database.Read(tx => tx.Single<Row>(ById, new { id = id.Value })?.ToOperator(), cancellationToken);

    /// <summary>No one yet: the first admin has to be made.</summary>
    public async Task<bool> IsEmpty(CancellationToken cancellationToken) =>
        await database.Read(tx => tx.Number(CountAll), cancellationToken) == 0;

    public Task Seen(OperatorId id, CancellationToken cancellationToken) =>
        database.Write(AccountId.System, tx => { tx.Execute(SetSeen, new { now = tx.Now, id = id.Value }); }, cancellationToken);

    /// <summary>Adds the first operator; refused when there is one already, however many try at once.</summary>
    public Task<IdentityResult> CreateFirst(Operator first, CancellationToken cancellationToken) =>
        Create(first, onlyFirst: true, cancellationToken);

    private Task<IdentityResult> Create(Operator user, bool onlyFirst, CancellationToken cancellationToken) =>
        database.Write(
            AccountId.System,
            tx =>
            {
                tx.Hold(AccountId.System, fence: null);
                if (onlyFirst && tx.Number(CountAll) > 0)
                {
                    return Failed("NotFirst", "There is an admin already. Log in instead.");
                }

                if (tx.Single<Row>(ByEmail, new { email = user.NormalizedEmail }) is not null)
                {
                    return Failed("DuplicateEmail", "Somebody has this e-mail address already.");
                }

                user.CreatedAt = tx.Now;
                user.Id = new(tx.Single<long>(Insert, Row.Of(user)));
                return IdentityResult.Success;
            },
            cancellationToken);

    private static IdentityResult Failed(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });

    private static OperatorId Parse(string id) =>
        new(long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0);

    private sealed class Row
    {
        public long Id { get; init; }

        public string Email { get; init; } = "";

        public string NormalizedEmail { get; init; } = "";

        public string Name { get; init; } = "";

        public string? PasswordHash { get; init; }

        public string SecurityStamp { get; init; } = "";

        public string ConcurrencyStamp { get; init; } = "";

        public string Role { get; init; } = "";

        public long? LockoutEnd { get; init; }

        public long LockoutEnabled { get; init; }

        public long AccessFailedCount { get; init; }

        public long TwoFactorEnabled { get; init; }

        public long CreatedAt { get; init; }

        public long? LastSeenAt { get; init; }

        public string Next { get; init; } = "";

        public static Row Of(Operator user) => new()
        {
            Id = user.Id.Value,
            Email = user.Email,
            NormalizedEmail = user.NormalizedEmail,
            Name = user.Name,
            PasswordHash = user.PasswordHash,
            SecurityStamp = user.SecurityStamp,
            ConcurrencyStamp = user.ConcurrencyStamp,
            Role = SnakeCase.ToName(user.Role),
            LockoutEnd = user.LockoutEnd,
            LockoutEnabled = user.LockoutEnabled ? 1 : 0,
            AccessFailedCount = user.AccessFailedCount,
            TwoFactorEnabled = user.TwoFactorEnabled ? 1 : 0,
            CreatedAt = user.CreatedAt,
            LastSeenAt = user.LastSeenAt,
            Next = Guid.NewGuid().ToString("N"),
        };

        public Operator ToOperator() => new()
        {
            Id = new(Id),
            Email = Email,
            NormalizedEmail = NormalizedEmail,
            Name = Name,
            PasswordHash = PasswordHash,
            SecurityStamp = SecurityStamp,
            ConcurrencyStamp = ConcurrencyStamp,
            Role = SnakeCase.ToValue<OperatorRole>(Role),
            LockoutEnd = LockoutEnd,
            LockoutEnabled = LockoutEnabled != 0,
            AccessFailedCount = (int)AccessFailedCount,
            TwoFactorEnabled = TwoFactorEnabled != 0,
            CreatedAt = CreatedAt,
            LastSeenAt = LastSeenAt,
        };
    }
}
