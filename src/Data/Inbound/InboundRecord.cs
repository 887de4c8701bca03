using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>A stanza of WhatsApp, saved whole before it is acknowledged.</summary>
/// <param name="Key">kind/id/from/participant: the same stanza has the same key each time it is delivered.</param>
/// <param name="Kind">message, receipt, notification or call.</param>
/// <param name="Node">The stanza in WhatsApp's binary encoding; base64 on the wire.</param>
/// <param name="At">UTC milliseconds of the last commit that brought something new; always later than that of the one before.</param>
public sealed record InboundRecord(
    string Key, string Kind, byte[] Node, IReadOnlyList<Plaintext> Plaintexts, bool Offline, long At);

/// <summary>What a ciphertext was decrypted to: once only, since the ratchet moves on. On the wire a pair [hash, base64].</summary>
/// <param name="Hash">The first 32 hex characters of SHA-256 over the ciphertext.</param>
[JsonConverter(typeof(PlaintextConverter))]
public sealed record Plaintext(string Hash, byte[] Bytes);

/// <summary>One record and what it became. An empty <paramref name="Key"/> has no record: typing.</summary>
/// <param name="At">Of the record as it was read: what a later commit adds to it has not become rows with this.</param>
public sealed record InboundItem(string Key, IReadOnlyList<InboundEvent> Events, long At);

public sealed class PlaintextConverter : JsonConverter<Plaintext>
{
    public override Plaintext Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Triple.Open(ref reader);
        var hash = Triple.Text(ref reader);
        reader.Read();
        var bytes = reader.GetBytesFromBase64();
        Triple.Close(ref reader);
        return new(hash, bytes);
    }

    public override void Write(Utf8JsonWriter writer, Plaintext value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Hash);
        writer.WriteBase64StringValue(value.Bytes);
        writer.WriteEndArray();
    }
}
