using System.Text.Json;

namespace RealtimeWa;

/// <summary>How often random trials run: <c>tests/trials.json</c>, the full counts with <c>./test --full</c>.</summary>
public static class Trials
{
    private static readonly string Mode =
        string.Equals(Environment.GetEnvironmentVariable("REALTIMEWA_TRIALS"), "full", StringComparison.Ordinal) ? "full" : "quick";

    private static readonly JsonElement Counts =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "trials.json"))).RootElement;

    public static int Count(string name) => Counts.GetProperty(name).GetProperty(Mode).GetInt32();
}
