using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>The bridge's standard error: JSON lines that become log lines here.</summary>
internal static partial class BridgeLog
{
    /// <param name="hasKeys">It may know keys and texts already, so a line that is not our JSON is not repeated.</param>
    public static void Write(ILogger logger, string line, bool hasKeys)
    {
        if (Read(line) is not { Message: { } message } said)
        {
            if (hasKeys)
                Log.Unreadable(logger, line.Length);
            else
                Log.Node(logger, line);
            return;
        }

        var level = said.Level switch
        {
            "error" => LogLevel.Error,
            "warn" => LogLevel.Warning,
            _ => LogLevel.Debug,
        };
        Log.Said(logger, level, message, Facts(line));
    }

    private static BridgeLogLine? Read(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize(line, BridgeJson.Default.BridgeLogLine) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The bridge masks what it logs; the facts beside the message (account, reason, kind) are kept as they are.
    private static string Facts(string line)
    {
        using var json = JsonDocument.Parse(line);
        return string.Join(' ', json.RootElement.EnumerateObject()
            .Where(fact => fact.Name is not ("at" or "level" or "message"))
            .Select(fact => $"{fact.Name}={fact.Value}"));
    }

    private static partial class Log
    {
        [LoggerMessage(Message = "Bridge: {Message} {Facts}")]
        public static partial void Said(ILogger logger, LogLevel level, string message, string facts);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge: Node says {Line}")]
        public static partial void Node(ILogger logger, string line);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge: a line of {Length} characters that is no log of ours; it may hold secrets and is not repeated.")]
        public static partial void Unreadable(ILogger logger, int length);
    }
}
