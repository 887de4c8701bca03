using System.Text.Json;

namespace RealtimeWa.Phones;

/// <summary>A customer's phone in the emulator.</summary>
public sealed class Contact(Emulator emulator, string phone)
{
    public string Phone => phone;

    /// <summary>Writes to an account's number; the answer is WhatsApp's id of the message.</summary>
    public async Task<string> SaysAsync(string to, string text, CancellationToken cancellationToken) =>
        (await emulator.PostAsync($"api/contacts/{phone}/send", new { to, text }, cancellationToken)).GetProperty("id").GetString()!;

    public Task BurstAsync(string to, int count, string text, CancellationToken cancellationToken) =>
        emulator.PostAsync($"api/contacts/{phone}/burst", new { to, count, text }, cancellationToken);

    /// <summary>What it shows, in order; a message with an id that it has already is shown once.</summary>
    /// <param name="from">Only what this number wrote.</param>
    /// <param name="atLeast">Waits until there are so many.</param>
    public async Task<IReadOnlyList<PhoneMessage>> MessagesAsync(string from, int atLeast, CancellationToken cancellationToken)
    {
        var list = await emulator.GetAsync($"api/contacts/{phone}/messages?from={from}&min={atLeast}&wait=90000", cancellationToken);
        return [.. list.EnumerateArray().Select(PhoneMessage.From)];
    }

    /// <summary>The receipts that it got for a message that it wrote: delivered, read.</summary>
    public async Task<JsonElement> ReceiptsAsync(string id, int atLeast, CancellationToken cancellationToken) =>
        await emulator.GetAsync($"api/contacts/{phone}/receipts?id={id}&min={atLeast}&wait=90000", cancellationToken);

    public Task ReadsAsync(string from, IEnumerable<string> ids, CancellationToken cancellationToken) =>
        emulator.PostAsync($"api/contacts/{phone}/receipts", new { to = from, ids, type = "read" }, cancellationToken);

    public async Task SeesAsync(string from, string text, CancellationToken cancellationToken)
    {
        for (var atLeast = 1; ; atLeast++)
        {
            var messages = await MessagesAsync(from, atLeast, cancellationToken);
            if (messages.Any(message => string.Equals(message.Text, text, StringComparison.Ordinal)))
            {
                return;
            }

            if (messages.Count < atLeast)
            {
                throw new TimeoutException($"The phone shows {messages.Count} messages, and not the one of {text.Length} characters.");
            }

            atLeast = messages.Count;
        }
    }
}

public sealed record PhoneMessage(string Id, string? Text, int Duplicates)
{
    public static PhoneMessage From(JsonElement element) =>
        new(
            element.GetProperty("id").GetString()!,
            element.TryGetProperty("text", out var text) ? text.GetString() : null,
            element.GetProperty("duplicates").GetInt32());
}
