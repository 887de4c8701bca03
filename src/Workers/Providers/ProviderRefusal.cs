namespace RealtimeWa;

/// <summary>Why a provider did not do what it was asked.</summary>
public enum ProviderRefusal
{
    /// <summary>Not connected now; it may work later.</summary>
    NotOpen,

    /// <summary>This worker no longer owns the account.</summary>
    LeaseLost,

    /// <summary>No answer in time; it may work later.</summary>
    Timeout,

    /// <summary>It will never work like this.</summary>
    Rejected,

    /// <summary>There is nobody on WhatsApp with this number.</summary>
    InvalidNumber,

    /// <summary>The provider itself failed; it may work later.</summary>
    Failed,

    /// <summary>The provider can't run on this machine until a person changes something there.</summary>
    CannotRun,
}

/// <summary>A provider refused. The message is a sentence for a person, without numbers, texts and keys.</summary>
public sealed class ProviderRefusedException : Exception
{
    public ProviderRefusedException(ProviderRefusal refusal, string sentence, Exception? inner = null)
        : base(sentence, inner) => Refusal = refusal;

    public ProviderRefusedException()
        : this(ProviderRefusal.Failed, "The provider failed.")
    {
    }

    public ProviderRefusedException(string sentence)
        : this(ProviderRefusal.Failed, sentence)
    {
    }

    public ProviderRefusedException(string sentence, Exception inner)
        : this(ProviderRefusal.Failed, sentence, inner)
    {
    }

    public ProviderRefusal Refusal { get; }

    /// <summary>The same request can never succeed.</summary>
    public bool IsFinal => Refusal is ProviderRefusal.Rejected or ProviderRefusal.InvalidNumber;
}
