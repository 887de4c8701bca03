namespace RealtimeWa;

/// <summary>What a provider tells of an account, in our vocabulary. It waits until what must not be lost is a row.</summary>
public abstract record ProviderEvent
{
    private ProviderEvent()
    {
    }

    /// <summary>Something that the session machine knows.</summary>
    public sealed record Changed(SessionEvent Event) : ProviderEvent;

    /// <summary>A phone accepted the link; the keys must be saved before the provider goes on.</summary>
    /// <param name="Creds">Opaque; only the provider that made them can read them.</param>
    public sealed record Linked(string Phone, string? Lid, string? Name, Secret Creds) : ProviderEvent;

    public sealed record Arrived(IReadOnlyList<InboundItem> Items) : ProviderEvent;

    /// <summary>Something arrived and became rows where it was saved.</summary>
    public sealed record Kept(Ingested Ingested, InboundItem Item) : ProviderEvent;

    /// <summary>All that WhatsApp had kept while there was no connection has arrived; once a connection.</summary>
    public sealed record CaughtUp : ProviderEvent;

    /// <summary>WhatsApp's server took a message that we sent, or refused it with a code.</summary>
    public sealed record Acknowledged(string MessageId, string? Error) : ProviderEvent;
}
