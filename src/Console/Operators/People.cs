using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

/// <summary>Adds, changes and removes the people who sign in. An answer is nothing, or the key of the sentence that refuses.</summary>
public sealed class People(UserManager<Operator> users, OperatorStore store)
{
    public const int LongestName = 80;

    public const int LongestEmail = 256;

    public async Task<string?> AddFirstAsync(string? email, string? name, string? password, CancellationToken cancellationToken)
    {
        var (person, refusal) = Read(email, name, password, OperatorRole.Admin);
        return refusal ?? Refusal(await store.CreateFirst(person!, cancellationToken));
    }

    public async Task<string?> AddAsync(string? email, string? name, string? password, OperatorRole role, CancellationToken cancellationToken)
    {
        var (person, refusal) = Read(email, name, password, role);
        return refusal ?? Refusal(await store.CreateAsync(person!, cancellationToken));
    }

    /// <summary>Ends every sign-in of the person and a lockout.</summary>
    public async Task<string?> SetPasswordAsync(OperatorId id, string? password, CancellationToken cancellationToken)
    {
        if (await store.Find(id, cancellationToken) is not { } person)
        {
            return "person.gone";
        }

        if (Passwords.Refusal(password, person.Email, person.Name) is { } refusal)
        {
            return refusal;
        }

        person.PasswordHash = users.PasswordHasher.HashPassword(person, password!);
        person.SecurityStamp = Guid.NewGuid().ToString("N");
        person.AccessFailedCount = 0;
        person.LockoutEnd = null;
        return Refusal(await store.UpdateAsync(person, cancellationToken));
    }

    public async Task<string?> SetRoleAsync(OperatorId id, OperatorRole role, CancellationToken cancellationToken)
    {
        if (await store.Find(id, cancellationToken) is not { } person)
        {
            return "person.gone";
        }

        if (role < OperatorRole.Admin && await IsLastAdminAsync(person, cancellationToken))
        {
            return "person.last-admin";
        }

        // A socket of the old role must not stay open: a new stamp ends every sign-in.
        person.Role = role;
        person.SecurityStamp = Guid.NewGuid().ToString("N");
        return Refusal(await store.UpdateAsync(person, cancellationToken));
    }

    public async Task<string?> RemoveAsync(OperatorId id, OperatorId asker, CancellationToken cancellationToken)
    {
        if (id == asker)
        {
            return "person.not-yourself";
        }

        if (await store.Find(id, cancellationToken) is not { } person)
        {
            return "person.gone";
        }

        return await IsLastAdminAsync(person, cancellationToken) ? "person.last-admin" : Refusal(await store.DeleteAsync(person, cancellationToken));
    }

    private async Task<bool> IsLastAdminAsync(Operator person, CancellationToken cancellationToken) =>
        person.Role == OperatorRole.Admin
        && !(await store.List(cancellationToken)).Any(other => other.Role == OperatorRole.Admin && other.Id != person.Id);

    private (Operator? Person, string? Refusal) Read(string? email, string? name, string? password, OperatorRole role)
    {
        var (address, called) = ((email ?? "").Trim(), (name ?? "").Trim());
        var refusal = !IsEmail(address) ? "person.bad-email"
            : called.Length is 0 or > LongestName ? "person.bad-name"
            : Passwords.Refusal(password, address, called);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var person = new Operator { Email = address, Name = called, Role = role, NormalizedEmail = users.NormalizeEmail(address)! };
        person.PasswordHash = users.PasswordHasher.HashPassword(person, password!);
        return (person, null);
    }

    private static bool IsEmail(string address) =>
        address.Length <= LongestEmail && address.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && at == address.LastIndexOf('@')
        && at < address.Length - 1 && !address.Any(char.IsWhiteSpace);

    private static string? Refusal(IdentityResult result) =>
        result.Succeeded ? null : result.Errors.First().Code switch
        {
            "DuplicateEmail" => "person.email-taken",
            "NotFirst" => "person.not-first",
            _ => "person.changed",
        };
}
