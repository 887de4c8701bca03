namespace RealtimeWa;

/// <summary>What the actor does after a transition, in this order.</summary>
public abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>Ask the provider for a socket, with the saved keys or for a new link.</summary>
    public sealed record Start(bool Fresh) : SessionEffect;

    /// <param name="Logout">Also tell WhatsApp that this link ends.</param>
    public sealed record Stop(bool Logout) : SessionEffect;

    public sealed record Probe : SessionEffect;

    public sealed record RequestPairCode(Secret Phone) : SessionEffect;

    /// <summary>It can send from now on: what waits, and what was written but not acknowledged.</summary>
    public sealed record WakeOutbox : SessionEffect;

    /// <summary>Give the lease back and look again who owns the account.</summary>
    public sealed record ReleaseLease : SessionEffect;

    /// <summary>The account is gone: forget its keys.</summary>
    public sealed record Forget : SessionEffect;

    /// <summary>What a person asked for makes no sense now; the sentence is for that person.</summary>
    public sealed record Refuse(string Sentence) : SessionEffect;
}
