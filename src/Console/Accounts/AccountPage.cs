namespace RealtimeWa;

/// <summary>What the accounts page shows.</summary>
/// <param name="Pairing">The account whose QR is open.</param>
/// <param name="Here">The page's own address, where every form comes back to.</param>
/// <param name="Now">UTC milliseconds.</param>
/// <param name="Refused">A sentence from an action that was refused.</param>
public sealed record AccountPage(
    IReadOnlyList<AccountView> Accounts, OperatorRole Role, int Max, AccountId? Pairing, string Here, long Now, string? Said, string? Refused)
{
    public bool MayAdmin => Role >= OperatorRole.Admin;
}
