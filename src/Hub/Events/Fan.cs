using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>
/// Hands events to every browser that is connected. SignalR writes a message to JSON once for all of a group. Nobody waits for a browser:
/// a send begins for all of them in turn, each connection keeps its own order, and a socket that takes nothing for 10 s is ended by the server.
/// </summary>
internal sealed class Fan(IHubContext<OperatorHub, IOperatorClient> hub)
{
    /// <summary>The number without its content, for a reader who may not see it.</summary>
    public static EventView Hide(EventView seen) => seen with { Kind = EventKind.Hidden, Body = EventBody.Empty };

    public void Changed(IReadOnlyList<EventView> events) => Begin(hub.Clients.Group(Groups.Everything).Changed(events));

    public void Numbers(IReadOnlyList<Seen> newest) => Begin(hub.Clients.Group(Groups.Everything).Numbers(newest));

    public void Typing(TypingView typing) => Begin(hub.Clients.Group(Groups.Everything).Typing(typing));

    // A send to a connection that ended meanwhile has nobody to tell.
    private static void Begin(Task send) => _ = send.ContinueWith(
        static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
