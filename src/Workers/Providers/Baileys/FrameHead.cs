using System.Text.Json;

namespace RealtimeWa;

/// <summary>The outer part of a line of the bridge; its body is read later, as the type that the head says.</summary>
internal readonly ref struct FrameHead
{
    public long? Id { get; private init; }

    public long? Re { get; private init; }

    public string? Event { get; private init; }

    public long Account { get; private init; }

    public long Epoch { get; private init; }

    /// <summary>The value of <c>body</c>, <c>ok</c>, <c>hello</c>, as it stands in the line.</summary>
    public ReadOnlySpan<byte> Body { get; private init; }

    /// <summary>The value of <c>err</c> or <c>fatal</c>.</summary>
    public ReadOnlySpan<byte> Fault { get; private init; }

    public bool IsHello { get; private init; }

    /// <summary>Throws <see cref="JsonException"/> for a line that is no frame.</summary>
    public static FrameHead Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        long? id = null, re = null;
        long account = 0, epoch = 0;
        string? name = null;
        ReadOnlySpan<byte> body = default, fault = default;
        var hello = false;

        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("A frame is an object.");

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
                id = Number(ref reader);
            else if (reader.ValueTextEquals("re"u8))
                re = Number(ref reader);
            else if (reader.ValueTextEquals("account"u8))
                account = Number(ref reader);
            else if (reader.ValueTextEquals("epoch"u8))
                epoch = Number(ref reader);
            else if (reader.ValueTextEquals("ev"u8))
                name = Name(ref reader);
            else if (reader.ValueTextEquals("body"u8) || reader.ValueTextEquals("ok"u8))
                body = line[Value(ref reader)];
            else if (reader.ValueTextEquals("err"u8) || reader.ValueTextEquals("fatal"u8))
                fault = line[Value(ref reader)];
            else if (reader.ValueTextEquals("hello"u8))
            {
                hello = true;
                body = line[Value(ref reader)];
            }
            else
            {
                _ = Value(ref reader);
            }
        }

        if (reader.TokenType is not JsonTokenType.EndObject || reader.BytesConsumed != line.Length)
            throw new JsonException("A frame is one object.");

        return new FrameHead { Id = id, Re = re, Event = name, Account = account, Epoch = epoch, Body = body, Fault = fault, IsHello = hello };
    }

    private static long Number(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : throw new JsonException("A number was expected.");

    // The names are few: no string is made for the known ones.
    private static string Name(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType is not JsonTokenType.String)
            throw new JsonException("A name was expected.");

        return reader.ValueTextEquals("commit"u8) ? "commit"
            : reader.ValueTextEquals("keys"u8) ? "keys"
            : reader.ValueTextEquals("inbound"u8) ? "inbound"
            : reader.ValueTextEquals("ack"u8) ? "ack"
            : reader.GetString()!;
    }

    private static Range Value(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            throw new JsonException("A value was expected.");

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
