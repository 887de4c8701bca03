using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>Either the account after what was asked, or why it was refused and a sentence for the person.</summary>
public sealed record AccountResult(AccountView? Account, AccountRefusal? Refusal, string? Sentence);

[JsonConverter(typeof(SnakeCase<AccountRefusal>))]
public enum AccountRefusal
{
    /// <summary>There is none, or this person may not see it: the answer is the same.</summary>
    NotFound,

    /// <summary>The person's role does not allow it.</summary>
    Forbidden,

    /// <summary>There are as many accounts as this installation may have.</summary>
    TooMany,

    /// <summary>Another account has this instance id.</summary>
    InstanceTaken,

    EmptyLabel,
    LabelTooLong,
    InvalidPhone,
    AlreadyConnected,

    /// <summary>The database refused: nothing was changed.</summary>
    NotStored,
}
