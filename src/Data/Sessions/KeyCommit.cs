using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>All that must be durable before a stanza is acknowledged; one transaction.</summary>
/// <param name="Creds">Replaces the credentials when given.</param>
/// <param name="Events">What the record says, where that is known already: then it becomes rows here, and is done.</param>
public sealed record KeyCommit(
    IReadOnlyList<SessionKey> Keys,
    string? Creds = null,
    InboundRecord? Inbound = null,
    SentMessage? Sent = null,
    IReadOnlyList<InboundEvent>? Events = null)
{
    /// <summary>What shall become rows; nothing when the commit does not say what its record says.</summary>
    [JsonIgnore]
    public InboundItem? Item => Inbound is null || Events is null ? null : new(Inbound.Key, Events, Inbound.At);
}

/// <summary>A key of the Signal protocol; no value removes it. On the wire a triple [type, id, value].</summary>
[JsonConverter(typeof(SessionKeyConverter))]
public sealed record SessionKey(string Type, string Id, string? Value);

/// <summary>The protobuf that was sent under a message id, for a phone that asks for it again; base64 on the wire.</summary>
public sealed record SentMessage(string MessageId, byte[] Proto);

public sealed class SessionKeyConverter : JsonConverter<SessionKey>
{
    public override SessionKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Triple.Open(ref reader);
        var type = Triple.Text(ref reader);
        var id = Triple.Text(ref reader);
        reader.Read();
        var value = reader.TokenType == JsonTokenType.Null ? null : reader.GetString();
        Triple.Close(ref reader);
        return new(type, id, value);
    }

    public override void Write(Utf8JsonWriter writer, SessionKey value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Type);
        writer.WriteStringValue(value.Id);
        writer.WriteStringValue(value.Value);
        writer.WriteEndArray();
    }
}

/// <summary>Short arrays with a fixed meaning per place.</summary>
internal static class Triple
{
    public static void Open(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("An array was expected.");
        }
    }

    public static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("A text was expected.");
    }

    public static void Close(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException("The array is too long.");
        }
    }
}
