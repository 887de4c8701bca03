using System.Globalization;
using RealtimeWa.Phones;

namespace RealtimeWa.Load;

/// <summary>Click → stanza: from an operator's click on Send to the stanza at WhatsApp's server, to a contact that is known.</summary>
internal sealed class Clicks(Stage stage, ChatPage page)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Rounds product = new();
    private readonly Rounds productP99 = new();
    private readonly Rounds plain = new();

    public async Task PlainRoundAsync(int round, CancellationToken cancellationToken)
    {
        var contact = await stage.KnownContactAsync(round, 1, Stage.PlainPhone, cancellationToken);
        var called = 0.0;
        var waits = await SendAsync(
            contact,
            Stage.PlainPhone,
            round,
            async text => called = await stage.Plain.SendAsync(contact.Phone, text, cancellationToken),
            () => Task.FromResult(called),
            cancellationToken);
        plain.Add(Samples.Median(waits));
    }

    public async Task ProductRoundAsync(int round, CancellationToken cancellationToken)
    {
        var contact = await stage.KnownContactAsync(round, 1, Stage.ProductPhone, cancellationToken);
        await page.OpenThreadAsync(Stage.Name(round, 1), "hello from");
        var ahead = await page.ClockAheadAsync(cancellationToken) - await EmulatorClock.AheadAsync(stage.Emulator, cancellationToken);
        var waits = await SendAsync(
            contact, Stage.ProductPhone, round, page.SendAsync, async () => await page.ClickedAsync() - ahead, cancellationToken);
        product.Add(Samples.Median(waits));
        productP99.Add(Samples.Percentile(waits, 99));
    }

    public IEnumerable<Figure> Figures()
    {
        var details = new Dictionary<string, double>(StringComparer.Ordinal) { ["p99"] = Samples.Median(productP99) };
        yield return new("click_p50", "click → stanza on the wire, p50", "ms", product, plain, Limit.Above(Samples.Median(plain), 5), details);
    }

    private async Task<IReadOnlyList<double>> SendAsync(
        Contact contact, string account, int round, Func<string, Task> send, Func<Task<double>> sent, CancellationToken cancellationToken)
    {
        var waits = new List<double>();
        // Of messages that come in, the other measurements bring hundreds before they count; of clicks there are only these.
        var clicks = stage.Sizes.Clicks * (round == LoadRun.WarmUp ? 5 : 1);
        for (var number = 0; number <= clicks; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"load-out-{round}-{number}");
            await send(text);
            var received = await ReceivedAsync(contact, account, number + 1, text, cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            // The first opens the session in this direction.
            if (number > 0)
            {
                waits.Add(received - await sent());
            }
        }

        return waits;
    }

    private async Task<double> ReceivedAsync(Contact contact, string account, int count, string text, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"api/contacts/{contact.Phone}/messages?from={account}&min={count}&wait=20000");
        var messages = await stage.Emulator.GetAsync(path, cancellationToken);
        var found = messages.EnumerateArray().Where(message => string.Equals(message.GetProperty("text").GetString(), text, StringComparison.Ordinal)).ToArray();
        return found.Length == 1
            ? found[0].GetProperty("receivedAt").GetDouble()
            : throw new TimeoutException($"The phone shows '{text}' {found.Length.ToString(CultureInfo.InvariantCulture)} times after 20 s.");
    }
}
