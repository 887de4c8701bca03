using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace RealtimeWa;

/// <summary>How Node is started, and the sentences for when it can't be.</summary>
internal static class Launcher
{
    public const int OldestNode = 20;

    // The child gets what it needs and nothing else: settings of this process may hold passwords.
    private static readonly string[] PassedOn =
    [
        "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ];

    // A young generation of 16 MB is collected a quarter as often as one of 4; machine code is made of every function at once, because a bridge
    // that serves people now and then would otherwise interpret most of its code for hours.
    private static readonly string[] Usual = ["--max-semi-space-size=16", "--max-old-space-size=1024", "--always-sparkplug"];

    public static ProcessStartInfo Prepare(BridgeOptions options)
    {
        var script = options.Script ?? Path.Combine(AppContext.BaseDirectory, "bridge", "bridge.js");
        if (!File.Exists(script))
            throw new BridgeRefusedException($"The bridge's script is missing at {script}. Build or install the whole product again.");

        string[] arguments = [.. options.NodeArguments.Count > 0 ? options.NodeArguments : Usual, script];
        var start = new ProcessStartInfo(options.NodePath, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(script),
        };
        start.Environment.Clear();
        foreach (var name in PassedOn)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        return start;
    }

    public static string NoNode(BridgeOptions options) =>
        $"Node was not found as '{options.NodePath}'. Install Node {OldestNode} or newer, or set Bridge:NodePath to where it is.";

    public static string TooOld(string version) =>
        $"Node {version} is too old for the bridge. Install Node {OldestNode} or newer, or set Bridge:NodePath to where a newer one is.";

    public static bool IsNewEnough(string version) =>
        int.TryParse(version.TrimStart('v').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major >= OldestNode;

    /// <summary>Why a bridge ended before its first line: an old Node fails on the script itself.</summary>
    public static async Task<string> WhyAsync(BridgeOptions options, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(options.NodePath, cancellationToken);
        return version is not null && !IsNewEnough(version)
            ? TooOld(version)
            : "The bridge ended before its first line; the log has what it said. Build or install the whole product again.";
    }

    private static async Task<string?> VersionAsync(string node, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(node, ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false });
            return process is null ? null : (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
