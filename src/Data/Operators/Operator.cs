namespace RealtimeWa;

/// <summary>A person who can log in, as ASP.NET Core Identity keeps it. Times are UTC milliseconds.</summary>
public sealed class Operator
{
    public OperatorId Id { get; set; }

    public required string Email { get; set; }

    public string NormalizedEmail { get; set; } = "";

    public required string Name { get; set; }

    public string? PasswordHash { get; set; }

    public string SecurityStamp { get; set; } = Guid.NewGuid().ToString("N");

    public string ConcurrencyStamp { get; set; } = Guid.NewGuid().ToString("N");

    public OperatorRole Role { get; set; }

    public long? LockoutEnd { get; set; }

    public bool LockoutEnabled { get; set; } = true;

    public int AccessFailedCount { get; set; }

    public bool TwoFactorEnabled { get; set; }

    public long CreatedAt { get; set; }

    public long? LastSeenAt { get; set; }
}
