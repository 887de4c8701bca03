namespace RealtimeWa;

/// <summary>
/// The statuses of an own message in their one order; a status only ever gives way to a later one, whatever order the news comes in.
/// A refusal gives way to an acknowledgement, because that proves the message arrived.
/// </summary>
public static class StatusOrder
{
    public static MessageStatus Later(MessageStatus one, MessageStatus other) => Rank(other) > Rank(one) ? other : one;

    private static int Rank(MessageStatus status) => status switch
    {
        MessageStatus.Queued => 1,
        MessageStatus.Sending => 2,
        MessageStatus.Unknown => 3,
        MessageStatus.Failed => 4,
        MessageStatus.Sent => 5,
        MessageStatus.Delivered => 6,
        MessageStatus.Read => 7,
        MessageStatus.Played => 8,
        // What others wrote has no ticks.
        _ => 9,
    };
}
