using System.Globalization;
using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>One linked WhatsApp number. 0 is the system: changes that belong to no account.</summary>
[JsonConverter(typeof(IdConverter<AccountId>))]
public readonly record struct AccountId(long Value) : IId<AccountId>
{
    public static AccountId System => new(0);

    public static AccountId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One conversation of one account.</summary>
[JsonConverter(typeof(IdConverter<ThreadId>))]
public readonly record struct ThreadId(long Value) : IId<ThreadId>
{
    public static ThreadId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A message's row. WhatsApp's own id of it is a string beside it.</summary>
[JsonConverter(typeof(IdConverter<MessageId>))]
public readonly record struct MessageId(long Value) : IId<MessageId>
{
    public static MessageId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A person who is logged in.</summary>
[JsonConverter(typeof(IdConverter<OperatorId>))]
public readonly record struct OperatorId(long Value) : IId<OperatorId>
{
    public static OperatorId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
