using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeWa;

// Both directions of the protocol between worker and bridge, version 1 (docs/protocol.md).

internal sealed record Hello(int Protocol, string Baileys, string Node, int Pid);

internal sealed record BridgeFault(string Code, string Message);

internal sealed record StartBody(string? Creds, StartConfig Config);

internal sealed record StartConfig(
    string? WebSocketUrl, string? RootPublicKey, string DeviceName, int QueryTimeoutMs, int? QrTimeoutMs, bool History);

internal sealed record StopBody(bool Logout);

internal sealed record PairCodeBody(string Phone);

internal sealed record PairCodeAnswer(string Code);

internal sealed record SendBody(string MessageId, string Chat, [property: JsonConverter(typeof(RawJson))] string Content);

internal sealed record ReadBody(IReadOnlyList<ReadMessage> Messages);

internal sealed record ReplayBody(IReadOnlyList<InboundRecord> Records);

internal sealed record ProbeAnswer(double Ms);

/// <summary>What a bridge says of itself.</summary>
public sealed record BridgeStats(long RssBytes, long HeapUsedBytes, int Accounts);

internal sealed record Nothing
{
    public static Nothing Instance { get; } = new();
}

internal sealed record KeysBody(string Type, IReadOnlyList<string> Ids);

internal sealed record KeysAnswer(IReadOnlyDictionary<string, string> Values);

/// <param name="Later">The events are still to come, as <c>inbound</c>.</param>
internal sealed record CommitAnswer(bool? Later);

internal sealed record PlaintextBody(string Hash);

internal sealed record PlaintextAnswer(byte[]? Plaintext);

internal sealed record SentBody(string MessageId);

internal sealed record SentAnswer(byte[]? Proto, [property: JsonConverter(typeof(RawJson))] string? Content);

/// <param name="At">Of the record as the bridge read it.</param>
/// <param name="More">The record has further events, in the next frame.</param>
internal sealed record WireItem(string Key, IReadOnlyList<InboundEvent> Events, long At, bool More = false);

internal sealed record InboundBody(IReadOnlyList<WireItem> Items);

internal sealed record AckBody(string MessageId, string? Error);

/// <param name="Code">A number, or <c>lease</c> or <c>stopped</c>.</param>
internal sealed record StateBody(
    string State,
    string? Qr,
    long ExpiresInMs,
    string? Phone,
    string? Lid,
    string? Name,
    string? Creds,
    JsonElement Code,
    string? Reason,
    bool LoggedOut,
    string? Kind,
    long? At,
    long? Until,
    string? Level,
    int? Used,
    int? Total,
    bool Over = false);

internal sealed record BridgeLogLine(string? Level, string? Message, long? Account);

/// <summary>Text that is JSON already.</summary>
internal sealed class RawJson : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader).GetRawText();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(BridgeFault))]
[JsonSerializable(typeof(StartBody))]
[JsonSerializable(typeof(StopBody))]
[JsonSerializable(typeof(PairCodeBody))]
[JsonSerializable(typeof(PairCodeAnswer))]
[JsonSerializable(typeof(SendBody))]
[JsonSerializable(typeof(ReadBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(BridgeStats))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(KeysBody))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(PlaintextBody))]
[JsonSerializable(typeof(PlaintextAnswer))]
[JsonSerializable(typeof(SentBody))]
[JsonSerializable(typeof(SentAnswer))]
[JsonSerializable(typeof(KeyCommit))]
[JsonSerializable(typeof(CommitAnswer))]
[JsonSerializable(typeof(InboundBody))]
[JsonSerializable(typeof(AckBody))]
[JsonSerializable(typeof(StateBody))]
[JsonSerializable(typeof(BridgeLogLine))]
internal sealed partial class BridgeJson : JsonSerializerContext;
