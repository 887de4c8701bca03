namespace RealtimeWa;

/// <summary>What really runs for a session; the status that people see follows from it.</summary>
public enum SessionPhase
{
    /// <summary>No socket and none planned.</summary>
    Idle,

    /// <summary>No socket; the next attempt starts by itself.</summary>
    Waiting,

    /// <summary>A socket was asked for and has said nothing yet.</summary>
    Starting,

    /// <summary>A new link waits for the phone.</summary>
    Scanning,

    /// <summary>The phone accepted; the provider restarts the connection.</summary>
    Linking,

    /// <summary>Open, and asked for a proof of life.</summary>
    Proving,

    /// <summary>Open, and a probe was answered.</summary>
    Proven,
}
