using System.Globalization;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa.Load;

/// <summary>Product and plain side by side, each with one account that is open, in one emulated world.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(Emulator emulator, LinkedProduct product, PlainBaileys plain, Sizes sizes)
    {
        Emulator = emulator;
        Product = product;
        Plain = plain;
        Sizes = sizes;
    }

    public static string ProductPhone => Phones.Number(Phones.ProductAccount, 0);

    public static string PlainPhone => Phones.Number(Phones.PlainAccount, 0);

    public Emulator Emulator { get; }

    public LinkedProduct Product { get; }

    public PlainBaileys Plain { get; }

    public Sizes Sizes { get; }

    /// <summary>Links both and starts them once more: a first login brings history and a storm of keys, which no later one does.</summary>
    public static async Task<Stage> SetAsync(Emulator emulator, Workplace workplace, Sizes sizes, CancellationToken cancellationToken)
    {
        var folder = workplace.Folder("plain");
        await PairPlainAsync(emulator, folder, [PlainPhone], cancellationToken);
        var plain = await PlainBaileys.OpenAsync(emulator, folder, [PlainPhone], cancellationToken);
        var product = new LinkedProduct(emulator, [ProductPhone]);
        try
        {
            await product.PairAsync(cancellationToken);
            await product.StopAsync(cancellationToken);
            await product.StartMillisecondsAsync(cancellationToken);
            return new Stage(emulator, product, plain, sizes);
        }
        catch
        {
            await product.DisposeAsync();
            await plain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Links phones to plain Baileys and ends it when its files rest: it gives no sign of having written them.</summary>
    public static async Task PairPlainAsync(Emulator emulator, string folder, IReadOnlyList<string> phones, CancellationToken cancellationToken)
    {
        await using var plain = await PlainBaileys.OpenAsync(emulator, folder, phones, cancellationToken);
        var before = -1L;
        await Eventually.Async(
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
                var newest = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Max(file => File.GetLastWriteTimeUtc(file).Ticks);
                var rests = newest == before;
                before = newest;
                return rests;
            },
            rests => rests,
            "the files of plain Baileys rest",
            cancellationToken);
    }

    /// <summary>A customer who has written to an account already, so that both have a session with the other.</summary>
    public async Task<Contact> KnownContactAsync(int round, int number, string account, CancellationToken cancellationToken)
    {
        var kind = string.Equals(account, ProductPhone, StringComparison.Ordinal) ? Phones.ProductContact : Phones.PlainContact;
        var contact = await Emulator.ContactAsync(Phones.Number(kind + round, number), Name(round, number), cancellationToken);
        await contact.SaysAsync(account, $"hello from {Name(round, number)}", cancellationToken);
        return contact;
    }

    public static string Name(int round, int number) => string.Create(CultureInfo.InvariantCulture, $"Customer {round}-{number}.");

    /// <summary>Waits until an account's device has acknowledged all that it was sent.</summary>
    public Task AcknowledgedAsync(string account, CancellationToken cancellationToken) => Eventually.Async(
        async () => (await Emulator.GetAsync($"api/accounts/{account}", cancellationToken))
            .GetProperty("devices").EnumerateArray().Sum(device => device.GetProperty("unacked").GetInt32()),
        unacknowledged => unacknowledged == 0,
        "everything is acknowledged",
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Plain.DisposeAsync();
    }

    /// <summary>Numbers that can't be mistaken for somebody's.</summary>
    internal static class Phones
    {
        public const int ProductAccount = 100;
        public const int PlainAccount = 101;
        public const int ProductContact = 200;
        public const int PlainContact = 600;

        public static string Number(int kind, int number) => string.Create(CultureInfo.InvariantCulture, $"1555{kind:000}{number:0000}");
    }
}
