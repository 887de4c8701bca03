namespace RealtimeWa;

/// <summary>Length counts, not a mix of signs: that is what NIST SP 800-63B asks for.</summary>
public static class Passwords
{
    public const int MinimumLength = 10;

    public const int MaximumLength = 256;

    /// <summary>The key of the sentence that refuses it, or nothing.</summary>
    public static string? Refusal(string? password, string email, string name)
    {
        if (password is null || password.Length < MinimumLength || password.Length > MaximumLength)
        {
            return "person.short-password";
        }

        var isPlain = password.Distinct().Count() < 4
            || string.Equals(password, email, StringComparison.OrdinalIgnoreCase)
            || string.Equals(password, name, StringComparison.OrdinalIgnoreCase);
        return isPlain ? "person.plain-password" : null;
    }
}
