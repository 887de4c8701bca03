using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

/// <summary>
/// Checks a password. Every refusal takes the same second and says the same: whether the email is known, the password wrong or the
/// sign-in locked can't be told apart from outside.
/// </summary>
public sealed partial class SignIn(SignInManager<Operator> manager, SignInTurns turns, TimeProvider clock, ILogger<SignIn> log)
{
    public static readonly TimeSpan RefusalTakes = TimeSpan.FromSeconds(1);

    private static readonly Operator Nobody = new() { Email = "", Name = "" };

    public async Task<bool> TryAsync(string? email, string? password, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var user = await CheckAsync(email ?? "", password ?? "", cancellationToken);
        if (user is not null)
        {
            await manager.SignInAsync(user, isPersistent: true);
            return true;
        }

        var left = RefusalTakes - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock, cancellationToken);
        }

        return false;
    }

    private async Task<Operator?> CheckAsync(string email, string password, CancellationToken cancellationToken)
    {
        var users = manager.UserManager;

        // One at a time per address: guesses sent at once would otherwise overtake the count of failures.
        using var turn = await turns.TakeAsync(users.NormalizeEmail(email) ?? "", cancellationToken);
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            users.PasswordHasher.HashPassword(Nobody, password);
            return null;
        }

        var result = await manager.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.IsLockedOut)
        {
            Log.Locked(log, user.Id);
        }

        return result.Succeeded ? user : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Sign-in of operator {Operator} is locked after too many wrong passwords.")]
        public static partial void Locked(ILogger logger, OperatorId @operator);
    }
}
