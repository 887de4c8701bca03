using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace RealtimeWa;

public sealed class SessionKeyTests
{
    private static readonly Sql Values = new("SELECT value FROM session_keys");

    private static readonly Sql Swap = new("UPDATE session_keys SET id = 'b' WHERE id = 'a'");

    [Theory, EachDatabase]
    public async Task Keys_are_kept_replaced_and_removed(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Keys.Commit(fence, new([new("session", "a", "1"), new("session", "b", "2"), new("pre-key", "a", "3")], "{\"me\":1}"), TestData.Cancel);
        await data.Keys.Commit(fence, new([new("session", "a", "4"), new("session", "b", Value: null)]), TestData.Cancel);
        await using var restarted = await data.OpenAnother();

        var values = await restarted.Keys.Get(fence.AccountId, "session", ["a", "b", "c"], TestData.Cancel);
        Assert.Equal(("a", "4"), Assert.Single(values.Select(pair => (pair.Key, pair.Value))));
        Assert.Equal("{\"me\":1}", (await restarted.Sessions.Load(fence.AccountId, TestData.Cancel))!.Creds);
    }

    [Theory, EachDatabase]
    public async Task Type_and_id_are_told_apart_by_case(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();

        await data.Keys.Commit(fence, new([new("app-state-sync-key", "AAAA", "1"), new("app-state-sync-key", "aaaa", "2")]), TestData.Cancel);

        Assert.Equal("1", (await data.Keys.Get(fence.AccountId, "app-state-sync-key", ["AAAA"], TestData.Cancel))["AAAA"]);
    }

    [Theory, EachDatabase]
    public async Task Nothing_secret_is_readable_in_the_database(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([new("session", "a", "very-secret")]), TestData.Cancel);

        var stored = await data.Database.Read(tx => tx.Rows(Values, row => row.Bytes(0)), TestData.Cancel);

        Assert.DoesNotContain("very-secret", Encoding.Latin1.GetString(Assert.Single(stored)), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_value_under_another_name_is_refused(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([new("session", "a", "1")]), TestData.Cancel);
        await data.Database.Write(fence.AccountId, tx => { tx.Run(Swap); }, TestData.Cancel);

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => data.Keys.Get(fence.AccountId, "session", ["b"], TestData.Cancel));

        Assert.Equal(StorageRefusal.Tampered, refused.Refusal);
    }

    [Fact]
    public async Task Without_its_key_ring_an_account_is_a_sentence()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([new("session", "a", "1")]), TestData.Cancel);
        Directory.Delete(Path.Combine(data.Place.Folder, "keys"), recursive: true);

        await using var restored = await data.OpenAnother();
        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => restored.Keys.Get(fence.AccountId, "session", ["a"], TestData.Cancel));

        Assert.Equal(StorageRefusal.KeyRingMissing, refused.Refusal);
    }

    [Fact]
    public async Task A_certificate_protects_the_key_ring_on_disk()
    {
        await using var place = await TestPlace.Make(Dialect.Sqlite);
        Directory.CreateDirectory(place.Folder);
        var file = Path.Combine(place.Folder, "ring.pfx");
        await File.WriteAllBytesAsync(file, SelfSigned("pass"), TestData.Cancel);
        var settings = new Dictionary<string, string?>(place.Settings, StringComparer.Ordinal)
        {
            ["Data:KeyRingCertificate"] = file,
            ["Data:KeyRingPassphrase"] = "pass",
        };

        await using (var data = await TestData.OpenAt(place, settings))
        {
            await data.Keys.Commit(await data.Owned(), new([new("session", "a", "1")]), TestData.Cancel);
        }

        var ring = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(place.Folder, "keys"), "key-*.xml")), TestData.Cancel);
        Assert.Contains("EncryptedData", ring, StringComparison.Ordinal);
        await using var again = await TestData.OpenAt(place, settings);
        Assert.Single(await again.Keys.Get(new(1), "session", ["a"], TestData.Cancel));
        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => TestData.OpenAt(place, new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["Data:KeyRingPassphrase"] = "wrong" }));
        Assert.Equal(StorageRefusal.Misconfigured, refused.Refusal);
    }

    private static byte[] SelfSigned(string passphrase)
    {
        using var key = RSA.Create(2048);
        CertificateRequest request = new("CN=ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return certificate.Export(X509ContentType.Pfx, passphrase);
    }

    [Theory, EachDatabase]
    public async Task Many_keys_at_once_come_back(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        List<SessionKey> keys = [.. Enumerable.Range(1, 812).Select(number => new SessionKey("pre-key", $"{number}", $"value {number}"))];

        await data.Keys.Commit(fence, new(keys), TestData.Cancel);

        var values = await data.Keys.Get(fence.AccountId, "pre-key", [.. keys.Select(key => key.Id)], TestData.Cancel);
        Assert.Equal(812, values.Count);
        Assert.Equal("value 812", values["812"]);
    }
}
