using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>The least that any ASP.NET Core product pays to start: a process of its own that answers one path.</summary>
internal static class BareWeb
{
    public const string Argument = "--bare";

    private const string Ready = "bare web is listening";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var web = builder.Build();
        web.MapGet("/health", () => "ok");
        web.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Ready));
        await web.RunAsync();
    }

    /// <summary>Milliseconds from the start of the process until it listens.</summary>
    public static async Task<double> StartMillisecondsAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var process = ChildProcess.Start(
            "dotnet", [typeof(BareWeb).Assembly.Location, Argument], new Dictionary<string, string?>(StringComparer.Ordinal));
        await process.LineAsync(line => string.Equals(line, Ready, StringComparison.Ordinal), cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
