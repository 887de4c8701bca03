namespace RealtimeWa;

/// <summary>The emulated phones, as hands that hold them: they scan what is on the screen.</summary>
public sealed class DemoPhones(HttpClient http, DemoOptions options, SessionStore sessions, AccountStore accounts)
{
    /// <summary>The account's phone scans the QR that is shown now; false when none is shown.</summary>
    /// <exception cref="HttpRequestException">The emulated phones don't answer.</exception>
    public async Task<bool> ScanAsync(AccountId account, CancellationToken cancellationToken)
    {
        if (await sessions.Qr(account, cancellationToken) is not { Qr: { } qr })
        {
            return false;
        }

        var phone = await PhoneAsync(account, cancellationToken);
        using var body = new StringContent(qr);
        using var answer = await http.PostAsync(new Uri(options.ControlUrl!, $"admin/mock-phone/scan-qr?phone={phone}"), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>The phone that the demo meant for this label, or one of its own for an account that somebody added.</summary>
    private async Task<string> PhoneAsync(AccountId id, CancellationToken cancellationToken)
    {
        var account = await accounts.Find(id, cancellationToken);
        return options.Accounts.FirstOrDefault(meant => string.Equals(meant.Label, account?.Label, StringComparison.Ordinal))?.Phone
            ?? account?.Phone
            ?? $"44770090{id.Value % 10_000:0000}";
    }
}
