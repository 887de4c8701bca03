using System.Runtime.InteropServices;

namespace RealtimeWa;

/// <summary>
/// A way to WhatsApp. Above it nothing knows which one it is. Every method throws <see cref="ProviderRefusedException"/> when it did not
/// do what it was asked; none of them tries again by itself.
/// </summary>
public interface IProvider
{
    /// <summary>Makes a connection, in place of an older one. It speaks through <paramref name="listener"/> until it is closed or stopped.</summary>
    /// <param name="fresh">A new link; the saved keys stay as they are until it succeeds.</param>
    Task StartAsync(HeldLease lease, bool fresh, ProviderListener listener, CancellationToken cancellationToken);

    /// <summary>Ends the connection; nothing is in flight when this returns. Nothing is said any more.</summary>
    /// <param name="logout">Also removes this device from the phone's linked devices.</param>
    Task StopAsync(HeldLease lease, bool logout, CancellationToken cancellationToken);

    /// <summary>A code to type into the phone of this number.</summary>
    Task<Secret> PairCodeAsync(HeldLease lease, Secret phone, CancellationToken cancellationToken);

    /// <summary>Tells WhatsApp of our presence and asks it something through the connection; returns when that was answered.</summary>
    Task<Proof> ProbeAsync(HeldLease lease, CancellationToken cancellationToken);

    /// <summary>
    /// A message that will probably be sent next. What takes time may be done before it is asked for; nothing of it leaves, or changes what
    /// is saved, until it is. Answers at once and refuses nothing.
    /// </summary>
    void Prepare(HeldLease lease, OutgoingMessage message);

    /// <summary>Returns when it was written to the connection; the acknowledgement comes as an event. The same id again is the same message.</summary>
    Task SendAsync(HeldLease lease, OutgoingMessage message, CancellationToken cancellationToken);

    Task MarkReadAsync(HeldLease lease, IReadOnlyList<ReadMessage> messages, CancellationToken cancellationToken);

    /// <summary>Makes events again of records that were saved but never became rows.</summary>
    Task ReplayAsync(HeldLease lease, IReadOnlyList<InboundRecord> records, CancellationToken cancellationToken);

    /// <summary>The account goes to another worker or is gone.</summary>
    void Forget(AccountId account);

    /// <summary>Looks after whatever the provider runs on; a part that hangs is started anew.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>The lease was renewed.</summary>
    Task RenewedAsync(HeldLease lease, CancellationToken cancellationToken);
}

/// <summary>Returns when the event is durable. Throws <see cref="LeaseLostException"/> when this worker may not write it.</summary>
public delegate Task ProviderListener(ProviderEvent said, CancellationToken cancellationToken);

/// <summary>The connection is alive.</summary>
/// <param name="Took">How long the answer took.</param>
/// <param name="Memory">Bytes that the process behind the connection holds, if it has one; accounts may share it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Proof(TimeSpan Took, long? Memory);

/// <param name="Id">WhatsApp's id of it, the same through every retry.</param>
/// <param name="Chat">The conversation's jid.</param>
/// <param name="Content">A union by its one key, as JSON: <c>{"text": "…"}</c>.</param>
public sealed record OutgoingMessage(string Id, string Chat, string Content);
