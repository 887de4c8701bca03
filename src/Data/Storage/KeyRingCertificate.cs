using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace RealtimeWa;

/// <summary>The certificate that protects the key ring on disk, where one is configured.</summary>
internal static class KeyRingCertificate
{
    /// <summary>Nothing when none is configured. Throws <see cref="StorageRefusedException"/> when it can't be used.</summary>
    public static X509Certificate2? Load(IConfiguration configuration)
    {
        var file = configuration["Data:KeyRingCertificate"];
        if (string.IsNullOrWhiteSpace(file))
        {
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, configuration["Data:KeyRingPassphrase"]);
            if (certificate.HasPrivateKey)
            {
                return certificate;
            }

            certificate.Dispose();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }

        throw Unusable(inner: null);
    }

    private static StorageRefusedException Unusable(Exception? inner) => new(
        StorageRefusal.Misconfigured,
        "Data:KeyRingCertificate can't be used. It must be the path of a PFX file with its private key, and Data:KeyRingPassphrase the passphrase of that file.",
        inner);
}
