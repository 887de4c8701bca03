namespace RealtimeWa;

/// <summary>The names of SignalR's groups, all of them.</summary>
internal static class Groups
{
    /// <summary>
    /// Operators who may see every account: they get an event once, whichever account it is of, also of one that was added after they came.
    /// </summary>
    public const string Everything = "everything";

    /// <summary>Workers in processes of their own whose Hello was answered with a welcome.</summary>
    public const string WorkersElsewhere = "workers elsewhere";
}
