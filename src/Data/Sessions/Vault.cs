using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace RealtimeWa;

/// <summary>The data keys of the accounts that this process works with, unwrapped once. Made when first needed.</summary>
internal sealed class Vault(Database database, IDataProtectionProvider protection) : IDisposable
{
    private static readonly Sql Read = new("SELECT data_key FROM sessions WHERE account_id = @account AND data_key IS NOT NULL");

    private static readonly Sql Save = new("UPDATE sessions SET data_key = @key WHERE account_id = @account AND data_key IS NULL");

    private static readonly Sql IsGone = new("SELECT COUNT(*) FROM accounts WHERE id = @account AND deleted_at IS NULL");

    private readonly ConcurrentDictionary<AccountId, DataKey> keys = [];
    private readonly IDataProtector protector = protection.CreateProtector("RealtimeWa.DataKey.v1");
    private readonly IDataProtector pairing = protection.CreateProtector("RealtimeWa.Pairing.v1");

    /// <summary>Throws <see cref="LeaseLostException"/> when the account is gone.</summary>
    public ValueTask<DataKey> For(AccountId account, CancellationToken cancellationToken) =>
        keys.TryGetValue(account, out var key) ? new(key) : new(Load(account, cancellationToken));

    public void Forget(AccountId account) => keys.TryRemove(account, out _);

    public string? ProtectPairing(string? text) => text is null ? null : pairing.Protect(text);

    public string? UnprotectPairing(string? text)
    {
        try
        {
            return text is null ? null : pairing.Unprotect(text);
        }
        catch (CryptographicException)
        {
            // Made under a ring that is gone; a new code is on its way within a minute.
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var key in keys.Values)
        {
            key.Dispose();
        }
    }

    private async Task<DataKey> Load(AccountId account, CancellationToken cancellationToken)
    {
        var wrapped = await database.Read(tx => tx.Row(Read, row => row.Bytes(0), account.Value), cancellationToken)
            ?? await Create(account, cancellationToken);
        byte[] bytes;
        try
        {
            bytes = protector.Unprotect(wrapped);
        }
        catch (CryptographicException exception)
        {
            throw new StorageRefusedException(
                StorageRefusal.KeyRingMissing,
                "The keys of this account can't be opened, because the key ring that protects them is not here. Restore the folder keys inside the data folder, or link the phone again.",
                exception);
        }

        var key = new DataKey(account, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        if (keys.TryAdd(account, key))
        {
            return key;
        }

        key.Dispose();
        return keys[account];
    }

    private async Task<byte[]> Create(AccountId account, CancellationToken cancellationToken)
    {
        var wrapped = protector.Protect(RandomNumberGenerator.GetBytes(DataKey.Size));
        return await database.Write(
            account,
            tx =>
            {
                if (tx.Number(IsGone, account.Value) == 0)
                {
                    throw new LeaseLostException();
                }

                tx.Hold(account, fence: null);
                tx.Run(Save, wrapped, account.Value);
                return tx.Row(Read, row => row.Bytes(0), account.Value)!;
            },
            cancellationToken);
    }
}
