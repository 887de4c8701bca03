using Microsoft.Extensions.Localization;

namespace RealtimeWa;

/// <summary>One row of the accounts page. The template's row has <c>{id}</c> where the browser puts an account's id, and no words yet.</summary>
public sealed record AccountItem(string Id, AccountView? Account, SessionWords Words, AccountPage Page)
{
    public bool IsPairing => Account is not null && Page.Pairing == Account.Id;

    /// <summary>What the row's dot shows: a number that somebody stopped is no fault.</summary>
    public string Dot => Account switch
    {
        null => "",
        { IsActive: false, Session.Status: not SessionStatus.Connected } => "stopped",
        { Session.Status: var status } => SnakeCase.ToName(status),
    };

    public string Label => Account?.Label ?? "";

    public static AccountItem Of(AccountView account, AccountPage page, IStringLocalizer<Texts> texts) =>
        new(account.Id.ToString(), account, SessionWords.Of(account, page.Now, texts), page);

    public static AccountItem Template(AccountPage page) => new("{id}", Account: null, SessionWords.Empty, page);
}
