using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>Hands events to every browser that is connected. SignalR writes a message to JSON once for all of a group.</summary>
internal sealed class Fan(IHubContext<OperatorHub, IOperatorClient> hub)
{
    /// <summary>The number without its content, for a reader who may not see it.</summary>
    public static EventView Hide(EventView seen) => seen with { Kind = EventKind.Hidden, Body = EventBody.Empty };

    public Task Changed(IReadOnlyList<EventView> events) => hub.Clients.Group(Groups.Everything).Changed(events);

    public Task Typing(TypingView typing) => hub.Clients.Group(Groups.Everything).Typing(typing);
}
