using RealtimeWa.Phones;

namespace RealtimeWa.Load;

internal static class Scan
{
    /// <summary>False when the emulator refused the QR, which rotates while many wait for their turn.</summary>
    public static async Task<bool> TryAsync(Emulator emulator, string qr, string phone, CancellationToken cancellationToken)
    {
        try
        {
            await emulator.ScanAsync(qr, phone, cancellationToken);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
