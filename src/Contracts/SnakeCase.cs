using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>Enums are lower snake case on every wire and in every column.</summary>
public sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The same names for columns and logs.</summary>
public static class SnakeCase
{
    public static string ToName<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    /// <summary>Throws <see cref="FormatException"/> for a name that no value has.</summary>
    public static T ToValue<T>(string name)
        where T : struct, Enum =>
        Names<T>.ByName.TryGetValue(name, out var value) ? value : throw new FormatException($"'{name}' is no {typeof(T).Name}.");

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
