namespace RealtimeWa;

/// <summary>The product can't start, and the message is a sentence that says what to do: it is all that a person sees.</summary>
public sealed class StartRefusedException : Exception
{
    public StartRefusedException(string sentence, Exception? cause)
        : base(sentence, cause)
    {
    }

    public StartRefusedException(string sentence)
        : base(sentence)
    {
    }

    public StartRefusedException()
        : this("RealtimeWa can't start.")
    {
    }
}
