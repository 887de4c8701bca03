namespace RealtimeWa;

/// <summary>The bridge can't run. The message is a sentence for a person: what happened and what to do.</summary>
public sealed class BridgeRefusedException : Exception
{
    public BridgeRefusedException(string sentence, Exception? inner)
        : base(sentence, inner)
    {
    }

    public BridgeRefusedException(string sentence)
        : base(sentence)
    {
    }

    public BridgeRefusedException()
        : base("The bridge can't run.")
    {
    }

    /// <summary>The next start may well succeed by itself.</summary>
    public bool IsPassing { get; init; }
}
