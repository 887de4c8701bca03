using System.Globalization;

namespace RealtimeWa;

/// <summary>One or two letters for an avatar.</summary>
public static class Initials
{
    public static string Of(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var letters = words.Length > 1 ? new[] { words[0], words[^1] } : words;
        return string.Concat(letters.Select(word => StringInfo.GetNextTextElement(word).ToUpper(CultureInfo.CurrentCulture)));
    }
}
