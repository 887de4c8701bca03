namespace RealtimeWa;

/// <summary>A program that plays the bridge.</summary>
internal static class TestScript
{
    public static async Task<string> WriteAsync(string text)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("realtimewa-").FullName, "bridge.mjs");
        await File.WriteAllTextAsync(file, text, TestWorker.Cancel);
        return file;
    }
}
