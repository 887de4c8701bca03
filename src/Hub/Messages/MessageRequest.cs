using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <param name="To">A phone number with its country code.</param>
public sealed record MessageRequest(
    [property: JsonPropertyName("to")] string? To,
    [property: JsonPropertyName("message")] string? Message);

/// <param name="MessageId">Ours, as in the console.</param>
/// <param name="WhatsAppId">WhatsApp's, fixed from now on.</param>
/// <param name="Status">As it is now: further than queued when the key was used before.</param>
public sealed record QueuedMessage(
    [property: JsonPropertyName("message_id")] MessageId MessageId,
    [property: JsonPropertyName("wa_id")] string WhatsAppId,
    [property: JsonPropertyName("status")] MessageStatus Status,
    [property: JsonPropertyName("queued_at")] DateTime QueuedAt)
{
    internal static QueuedMessage Of(MessageView message) => new(message.Id, message.WaId, message.Status, Instant.Of(message.At));
}
