using System.Diagnostics;

namespace RealtimeWa.Browser;

/// <summary>Reads the text of a QR code from a picture, with a decoder that knows nothing of the product.</summary>
internal static class QrReader
{
    public static async Task<string> ReadAsync(byte[] png, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Repository.Root, "tests", "RealtimeWa.EndToEnd.Tests", "qr");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "read.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await node.StandardInput.BaseStream.WriteAsync(png, cancellationToken);
        node.StandardInput.Close();
        var text = await node.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await node.StandardError.ReadToEndAsync(cancellationToken);
        await node.WaitForExitAsync(cancellationToken);
        return node.ExitCode == 0 ? text : throw new InvalidOperationException($"The QR reader said: {error}");
    }
}
