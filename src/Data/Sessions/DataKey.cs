using System.Security.Cryptography;
using System.Text;

namespace RealtimeWa;

/// <summary>
/// One account's AES-256-GCM key. A sealed value is version (1), nonce, tag, ciphertext; account, type and id are authenticated with
/// it, so that a value moved to another row can't be opened.
/// </summary>
internal sealed class DataKey(AccountId account, ReadOnlySpan<byte> key) : IDisposable
{
    public const int Size = 32;
    private const byte Version = 1;
    private const int Nonce = 12;
    private const int Tag = 16;
    private const int Head = 1 + Nonce + Tag;

    private readonly Lock gate = new();
    private readonly AesGcm aes = new(key, Tag);

    public byte[] Seal(string type, string id, string value) => Seal(type, id, Encoding.UTF8.GetBytes(value));

    public byte[] Seal(string type, string id, ReadOnlySpan<byte> value)
    {
        var result = new byte[Head + value.Length];
        result[0] = Version;
        var nonce = result.AsSpan(1, Nonce);
        RandomNumberGenerator.Fill(nonce);
        var name = Name(type, id);
        lock (gate)
        {
            aes.Encrypt(nonce, value, result.AsSpan(Head), result.AsSpan(1 + Nonce, Tag), name);
        }

        return result;
    }

    public string OpenText(string type, string id, ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(Open(type, id, value));

    public byte[] Open(string type, string id, ReadOnlySpan<byte> value)
    {
        if (value.Length < Head || value[0] != Version)
        {
            throw Tampered(inner: null);
        }

        var result = new byte[value.Length - Head];
        var name = Name(type, id);
        try
        {
            lock (gate)
            {
                aes.Decrypt(value.Slice(1, Nonce), value[Head..], value.Slice(1 + Nonce, Tag), result, name);
            }
        }
        catch (CryptographicException exception)
        {
            throw Tampered(exception);
        }

        return result;
    }

    public void Dispose() => aes.Dispose();

    private static StorageRefusedException Tampered(Exception? inner) => new(
        StorageRefusal.Tampered,
        "A saved key of this account can't be opened: the database was changed from outside or mixed with another one. Link the phone again.",
        inner);

    private byte[] Name(string type, string id) => Encoding.UTF8.GetBytes($"{account}|{type}|{id}");
}
