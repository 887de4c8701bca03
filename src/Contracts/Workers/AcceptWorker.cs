using System.IO.Pipelines;

namespace RealtimeWa;

/// <summary>
/// The hub's door for a worker in the same process: it speaks the protocol of <c>/hubs/worker</c> over this end of a pair of pipes
/// (the worker keeps the other end) and returns when the connection has ended. The hub registers it, the worker asks for it.
/// </summary>
/// <param name="transport">The hub's end: it reads what the worker writes.</param>
/// <param name="stopping">Ends the connection.</param>
public delegate Task AcceptWorker(IDuplexPipe transport, CancellationToken stopping);
